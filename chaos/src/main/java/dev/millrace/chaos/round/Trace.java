package dev.millrace.chaos.round;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** What was done to a site and when, to lay beside the logs of its processes. */
public final class Trace {
  private final Path file;

  Trace(Path directory) {
    this.file = directory.resolve("chaos.log");
  }

  public synchronized void note(String sentence) {
    try {
      Files.writeString(
          file,
          Instant.now() + " " + sentence + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
