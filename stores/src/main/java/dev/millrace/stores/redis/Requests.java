package dev.millrace.stores.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
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
  private static final byte[] LINE_END = {'\r', '\n'};

  private final @Nullable OutputStream out;
  private Bytes buffer = new Bytes(EMPTY);
  private int words;
  private int commands;

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
    return Arrays.copyOf(one.buffer.array(), one.buffer.length());
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
    if (buffer.length() >= FULL) {
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
    word(bytes, 0, bytes.length);
  }

  void word(byte[] bytes, int offset, int length) {
    raw('$', length);
    buffer.put(bytes, offset, length);
    buffer.put(LINE_END);
    words++;
  }

  /** A word made by {@link #encoded}. */
  void ready(byte[] encoded) {
    buffer.put(encoded);
    words++;
  }

  void words(Requests nested) {
    buffer.put(nested.buffer.array(), 0, nested.buffer.length());
    words += nested.words;
  }

  /** Small ones travel with what is there already. */
  void all(EncodedCommands encoded) throws IOException {
    for (byte[] part : encoded.parts()) {
      if (buffer.length() + part.length <= FULL) {
        buffer.put(part);
      } else {
        flush();
        send(part, part.length);
      }
    }
    commands += encoded.commands();
  }

  /** How many commands there were so far: each gets an answer. */
  int commands() {
    return commands;
  }

  /** How many words there were so far. */
  int words() {
    return words;
  }

  void flush() throws IOException {
    if (out != null && buffer.length() > 0) {
      send(buffer.array(), buffer.length());
      if (buffer.array().length > 2 * FULL) {
        // Of large events; a connection that keeps it for ever would be one of many.
        buffer = new Bytes(EMPTY);
      } else {
        buffer.length(0);
      }
    }
  }

  private void send(byte[] bytes, int count) throws IOException {
    OutputStream sink = Objects.requireNonNull(out);
    sink.write(bytes, 0, count);
    sink.flush();
  }

  private void raw(char kind, int number) {
    buffer.put(kind);
    if (number < 10) {
      buffer.put('0' + number);
    } else {
      buffer.put(Integer.toString(number).getBytes(StandardCharsets.ISO_8859_1));
    }
    buffer.put(LINE_END);
  }
}
