package dev.millrace.stores.redis;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads answers in RESP 2. */
final class Replies {
  private static final Reply NIL = new Reply.Nil();

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;

  Replies(InputStream in) {
    this.in = in;
  }

  Reply read() throws IOException {
    int kind = next();
    return switch (kind) {
      case '+' -> new Reply.Text(line());
      case '-' -> new Reply.Failure(new String(line(), StandardCharsets.UTF_8));
      case ':' -> new Reply.Number(number());
      case '$' -> value();
      case '*' -> items();
      default -> throw new ProtocolException("what answers there is no Redis");
    };
  }

  /**
   * Reads so many answers, of which only the first that refuses is kept: to a batch there are tens
   * of thousands.
   */
  Optional<Reply.Failure> firstFailure(int count) throws IOException {
    Optional<Reply.Failure> first = Optional.empty();
    for (int i = 0; i < count; i++) {
      if (!passed() && read() instanceof Reply.Failure failure && first.isEmpty()) {
        first = Optional.of(failure);
      }
    }
    return first;
  }

  /**
   * What EXEC answers.
   *
   * @param answers how many there are; -1 when a watched key was touched, and nothing executed
   * @param refused the first that refuses, or the refusal of all
   */
  record Executed(int answers, Optional<Reply.Failure> refused) {}

  Executed executed() throws IOException {
    if (at == end) {
      fill();
    }
    if (buffer[at] != '*') {
      return switch (read()) {
        case Reply.Failure failure -> new Executed(0, Optional.of(failure));
        case Reply.Nil touched -> new Executed(-1, Optional.empty());
        default -> throw new ProtocolException("EXEC answered with what is no list");
      };
    }
    at++;
    int count = (int) number();
    return new Executed(count, firstFailure(count));
  }

  /** Over a status or a number that lies wholly in the buffer. */
  private boolean passed() throws IOException {
    if (at == end) {
      fill();
    }
    if (buffer[at] != '+' && buffer[at] != ':') {
      return false;
    }
    for (int i = at + 1; i + 1 < end; i++) {
      if (buffer[i] == '\r') {
        at = i + 2;
        return true;
      }
    }
    return false;
  }

  private Reply value() throws IOException {
    int length = (int) number();
    if (length < 0) {
      return NIL;
    }
    byte[] bytes = new byte[length];
    for (int got = 0; got < length; ) {
      if (at == end) {
        fill();
      }
      int count = Math.min(length - got, end - at);
      System.arraycopy(buffer, at, bytes, got, count);
      at += count;
      got += count;
    }
    next();
    next();
    return new Reply.Text(bytes);
  }

  private Reply items() throws IOException {
    int count = (int) number();
    if (count < 0) {
      return NIL;
    }
    List<Reply> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(read());
    }
    return new Reply.Items(items);
  }

  private long number() throws IOException {
    int b = next();
    boolean negative = b == '-';
    long number = negative ? 0 : b - '0';
    for (b = next(); b != '\r'; b = next()) {
      number = number * 10 + (b - '0');
    }
    next();
    return negative ? -number : number;
  }

  private byte[] line() throws IOException {
    byte[] line = new byte[16];
    int length = 0;
    for (int b = next(); b != '\r'; b = next()) {
      if (length == line.length) {
        line = Arrays.copyOf(line, length * 2);
      }
      line[length++] = (byte) b;
    }
    next();
    return Arrays.copyOf(line, length);
  }

  private int next() throws IOException {
    if (at == end) {
      fill();
    }
    return buffer[at++];
  }

  private void fill() throws IOException {
    end = in.read(buffer);
    at = 0;
    if (end <= 0) {
      end = 0;
      throw new EOFException("the server closed the connection");
    }
  }
}
