package dev.millrace.standalone.server;

import dev.millrace.embedded.Ports;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The same port for the same server at every start: clients have it in their settings, and plans in
 * their targets. Another is taken only when a stranger has it.
 */
final class StablePorts {
  private final Path file;
  private final Properties ports = new Properties();

  StablePorts(Path file) {
    this.file = file;
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
    int fresh = Ports.free();
    ports.setProperty(server, Integer.toString(fresh));
    write();
    return fresh;
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
