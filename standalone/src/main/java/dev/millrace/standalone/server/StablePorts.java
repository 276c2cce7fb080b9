package dev.millrace.standalone.server;

import dev.millrace.embedded.Ports;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * The same port for the same server at every start: clients have it in their settings, and plans in
 * their targets. Another is taken only when a stranger has it.
 */
final class StablePorts {
  /** Below the range that systems give to outgoing connections, which would be in the way. */
  private static final int FIRST = 18_000;

  private static final int LAST = 31_999;

  private final Path file;
  private final int begin;
  private final Properties ports = new Properties();

  /**
   * @param httpPort spreads platforms that start side by side
   */
  StablePorts(Path file, int httpPort) {
    this.file = file;
    this.begin = FIRST + httpPort * 8 % (LAST - FIRST);
    try {
      if (Files.exists(file)) {
        ports.load(new StringReader(Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Call it when an orphan of the earlier run was ended, for that one still has the port. */
  synchronized int of(String server) {
    String known = ports.getProperty(server);
    if (known != null && Ports.isFree(Integer.parseInt(known))) {
      return Integer.parseInt(known);
    }
    int fresh = fresh();
    ports.setProperty(server, Integer.toString(fresh));
    write();
    return fresh;
  }

  private int fresh() {
    return IntStream.concat(IntStream.rangeClosed(begin, LAST), IntStream.range(FIRST, begin))
        .filter(port -> !ports.containsValue(Integer.toString(port)))
        .filter(Ports::isFree)
        .findFirst()
        .orElseGet(Ports::free);
  }

  private void write() {
    StringBuilder text = new StringBuilder();
    ports.stringPropertyNames().stream()
        .sorted()
        .forEach(name -> text.append(name).append('=').append(ports.get(name)).append('\n'));
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
