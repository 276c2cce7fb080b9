package dev.millrace.standalone.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** As much of Redis' protocol as tests need: commands of words, answers as text. */
final class RedisConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RedisConnection(int port, String password) throws IOException {
    this(port, "default", password);
  }

  RedisConnection(int port, String user, String password) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    in = new BufferedInputStream(socket.getInputStream());
    list("AUTH", user, password);
  }

  /**
   * @return the answer's elements; one for an answer that is no list
   * @throws IOException when the answer is an error
   */
  List<String> list(String... words) throws IOException {
    StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      int bytes = word.getBytes(StandardCharsets.UTF_8).length;
      command.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
    }
    socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));
    List<String> answer = new ArrayList<>();
    read(answer);
    return answer;
  }

  private void read(List<String> into) throws IOException {
    String line = line();
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '*' -> {
        for (int i = Integer.parseInt(rest); i > 0; i--) {
          read(into);
        }
      }
      case '$' -> {
        int length = Integer.parseInt(rest);
        if (length >= 0) {
          into.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
          in.skipNBytes(2);
        }
      }
      case '-' -> throw new IOException(rest);
      default -> into.add(rest);
    }
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

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
