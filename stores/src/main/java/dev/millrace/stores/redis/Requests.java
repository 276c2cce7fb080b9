package dev.millrace.stores.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Commands in the bytes of RESP. Every word travels with its length, so no content of an event can
 * be taken for a command.
 *
 * <p>In the nested form a command is preceded by its number of words as one more word: so a script
 * takes commands for arguments.
 */
final class Requests {
  private static final int FULL = 1 << 17;
  private static final int EMPTY = 1 << 12;

  private final @Nullable OutputStream out;
  private byte[] buffer = new byte[EMPTY];
  private int length;
  private int words;
  private int commands;
  private long sendingNanos;

  private Requests(@Nullable OutputStream out) {
    this.out = out;
  }

  static Requests to(OutputStream out) {
    return new Requests(out);
  }

  static Requests nested() {
    return new Requests(null);
  }

  /** A word as it travels, to be made once and used often by {@link #ready}. */
  static byte[] encoded(String word) {
    Requests one = nested();
    one.word(word);
    return Arrays.copyOf(one.buffer, one.length);
  }

  /**
   * Begins a command; as many words have to follow. Sends what is there when it has become much, so
   * that the server works while the rest is written.
   */
  void command(int count) throws IOException {
    if (out == null) {
      word(Integer.toString(count));
      return;
    }
    commands++;
    if (length >= FULL) {
      flush();
    }
    raw('*', count);
  }

  void command(String... all) throws IOException {
    command(all.length);
    for (String word : all) {
      word(word);
    }
  }

  void word(String word) {
    word(word.getBytes(StandardCharsets.UTF_8));
  }

  void word(byte[] bytes) {
    raw('$', bytes.length);
    raw(bytes, bytes.length);
    room(2);
    buffer[length++] = '\r';
    buffer[length++] = '\n';
    words++;
  }

  /** A word made by {@link #encoded}. */
  void ready(byte[] encoded) {
    raw(encoded, encoded.length);
    words++;
  }

  void words(Requests nested) {
    raw(nested.buffer, nested.length);
    words += nested.words;
  }

  /** How many commands there were so far: each gets an answer. */
  int commands() {
    return commands;
  }

  /** How many words there were so far. */
  int words() {
    return words;
  }

  /** How long sending has taken so far. */
  long sendingNanos() {
    return sendingNanos;
  }

  void flush() throws IOException {
    if (out != null && length > 0) {
      long began = System.nanoTime();
      out.write(buffer, 0, length);
      out.flush();
      sendingNanos += System.nanoTime() - began;
      length = 0;
      if (buffer.length > 2 * FULL) {
        // Of large events; a connection that keeps it for ever would be one of many.
        buffer = new byte[EMPTY];
      }
    }
  }

  private void raw(char kind, int number) {
    room(13);
    buffer[length++] = (byte) kind;
    if (number < 10) {
      buffer[length++] = (byte) ('0' + number);
    } else {
      byte[] digits = Integer.toString(number).getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(digits, 0, buffer, length, digits.length);
      length += digits.length;
    }
    buffer[length++] = '\r';
    buffer[length++] = '\n';
  }

  private void raw(byte[] bytes, int count) {
    room(count);
    System.arraycopy(bytes, 0, buffer, length, count);
    length += count;
  }

  private void room(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
