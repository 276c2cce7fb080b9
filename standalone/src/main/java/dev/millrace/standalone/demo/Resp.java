package dev.millrace.standalone.demo;

import dev.millrace.api.store.Binding;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * As much of the Redis protocol as reading takes. Of its own, and not the code that wrote the keys:
 * the check must not share a mistake with what it checks. One thread.
 */
final class Resp implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  /** Logs in with the binding's name and password. */
  Resp(Binding binding) throws IOException {
    socket.connect(new InetSocketAddress(binding.host(), binding.port()), 5_000);
    socket.setSoTimeout(30_000);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    call("AUTH", binding.username(), Objects.requireNonNull(binding.password()));
    if (binding.database() != null && !binding.database().equals("0")) {
      call("SELECT", binding.database());
    }
  }

  @Nullable Object call(String... words) throws IOException {
    send(words);
    out.flush();
    return reply();
  }

  /** Goes to the server with the next flush. */
  void send(String... words) throws IOException {
    write("*" + words.length + "\r\n");
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      write("$" + bytes.length + "\r\n");
      out.write(bytes);
      write("\r\n");
    }
  }

  void flush() throws IOException {
    out.flush();
  }

  /** A String, Long, List of replies, or null. */
  @Nullable Object reply() throws IOException {
    String head = line();
    String rest = head.substring(1);
    return switch (head.charAt(0)) {
      case '+' -> rest;
      case ':' -> Long.valueOf(rest);
      case '-' -> throw new IOException("Redis says: " + rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> list(Integer.parseInt(rest));
      default -> throw new IOException("not a Redis reply");
    };
  }

  private @Nullable String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
      throw new IOException("Redis ended in the middle of a reply");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private List<@Nullable Object> list(int size) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(reply());
    }
    return list;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0) {
        throw new IOException("Redis closed the connection");
      }
      line.append((char) c);
    }
    in.read();
    return line.toString();
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
