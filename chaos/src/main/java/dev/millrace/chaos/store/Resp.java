package dev.millrace.chaos.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * As much of Redis' protocol as an observer needs. An answer is a text, a number as text, a list of
 * answers, or null.
 */
final class Resp implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  Resp(int port, String user, String password) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    ask("AUTH", user, password);
  }

  /**
   * @throws IOException also when the answer is an error
   */
  @Nullable Object ask(String... words) throws IOException {
    return askAll(List.<String[]>of(words)).get(0);
  }

  List<String> texts(String... words) throws IOException {
    return list(Objects.requireNonNull(ask(words))).stream().map(String::valueOf).toList();
  }

  /** Sends all, then reads all. */
  List<@Nullable Object> askAll(List<String[]> commands) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String[] words : commands) {
      text.append('*').append(words.length).append("\r\n");
      for (String word : words) {
        int bytes = word.getBytes(StandardCharsets.UTF_8).length;
        text.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
      }
    }
    socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
    List<@Nullable Object> answers = new ArrayList<>();
    for (int i = 0; i < commands.size(); i++) {
      answers.add(answer());
    }
    return answers;
  }

  @SuppressWarnings("unchecked")
  static List<@Nullable Object> list(Object answer) {
    return (List<@Nullable Object>) answer;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private @Nullable Object answer() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '*' -> {
        int length = Integer.parseInt(rest);
        @Nullable Object[] answers = new Object[Math.max(0, length)];
        for (int i = 0; i < length; i++) {
          answers[i] = answer();
        }
        yield Arrays.asList(answers);
      }
      case '$' -> {
        int length = Integer.parseInt(rest);
        if (length < 0) {
          yield null;
        }
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        in.skipNBytes(2);
        yield text;
      }
      case '-' -> throw new IOException("Redis: " + rest);
      default -> rest;
    };
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("Redis closed the connection");
      }
      line.append((char) c);
    }
    return line.substring(0, line.length() - 1);
  }
}
