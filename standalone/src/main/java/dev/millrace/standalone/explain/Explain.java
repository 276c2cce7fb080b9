package dev.millrace.standalone.explain;

import dev.millrace.api.Json;
import dev.millrace.api.ask.Explanation;
import dev.millrace.standalone.demo.Platform;
import dev.millrace.standalone.rows.SubscriptionPath;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Has one subscription's pipeline explained, and prints that. */
public final class Explain {
  private final PrintStream out;
  private final PrintStream error;

  public Explain(PrintStream out, PrintStream error) {
    this.out = out;
    this.error = error;
  }

  /**
   * @param data of the platform that runs: its {@code run/url} and {@code run/token} are read
   * @param name {@code tenant/name}, or a name that only one tenant uses
   * @return the exit code
   */
  public int run(Path data, String name) {
    try {
      Platform platform = new Platform(URI.create(runFile(data, "url")), runFile(data, "token"));
      String path = SubscriptionPath.of(platform, name) + "/explain";
      out.print(Text.of(Json.LENIENT.treeToValue(platform.get(path), Explanation.class)));
      out.flush();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (NoSuchFileException e) {
      error.println(
          "millrace explain: nothing runs in "
              + data
              + ": start ./millrace up, or give --data DIR");
    } catch (IOException | Platform.Refused | IllegalArgumentException e) {
      error.println("millrace explain: " + e.getMessage());
    }
    return 1;
  }

  private static String runFile(Path data, String name) throws IOException {
    return Files.readString(data.resolve("run").resolve(name)).strip();
  }
}
