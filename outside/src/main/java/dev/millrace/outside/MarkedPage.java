package dev.millrace.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of which people write the head, and a command all that stands below its mark. */
public final class MarkedPage {
  private MarkedPage() {}

  /**
   * Replaces everything below the mark, which is added where it is missing.
   *
   * @param command as users give it, such as {@code ./millrace chaos --write}
   */
  public static void write(Path page, String command, String below) throws IOException {
    String mark = "<!-- written by " + command + " -->";
    String text = Files.readString(page);
    int at = text.indexOf(mark);
    String head = at < 0 ? text.stripTrailing() + "\n\n" : text.substring(0, at);
    Files.writeString(page, head + mark + "\n\n" + below);
  }
}
