package dev.millrace.stores.redis;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads answers in RESP 2. */
final class Replies {
  private static final Reply NIL = new Reply.Nil();

  /** What a transaction says to every command of it, so often that one object has to do. */
  static final Reply.Text QUEUED = new Reply.Text("QUEUED".getBytes(StandardCharsets.US_ASCII));

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
      case '+' -> status();
      case '-' -> new Reply.Failure(new String(line(), StandardCharsets.UTF_8));
      case ':' -> new Reply.Number(number());
      case '$' -> value();
      case '*' -> items();
      default -> throw new ProtocolException("what answers there is no Redis");
    };
  }

  private Reply status() throws IOException {
    Reply.Text status = new Reply.Text(line());
    return Arrays.equals(status.bytes(), QUEUED.bytes()) ? QUEUED : status;
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
