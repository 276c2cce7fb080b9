package dev.millrace.catalog.event;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream that are not blank, one in memory at a time. A line that is too long is
 * told, and passed over without being kept.
 */
final class Lines {
  private static final int FIRST_SIZE = 64 * 1024;

  private final InputStream in;
  private final int longest;
  private byte[] buffer = new byte[FIRST_SIZE];
  private int next; // where the line after this one begins
  private int filled;
  private int from;
  private int to;
  private long number;
  private boolean tooLong;
  private boolean ended;

  Lines(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** Goes to the next line that is not blank; false at the end. */
  boolean advance() throws IOException {
    while (!ended || next < filled) {
      readLine();
      if (tooLong || !isBlank()) {
        return true;
      }
    }
    return false;
  }

  byte[] buffer() {
    return buffer;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** The present line is longer than allowed; its text is gone. */
  boolean isTooLong() {
    return tooLong;
  }

  /** Counted from 1, blank lines too. */
  long number() {
    return number;
  }

  private void readLine() throws IOException {
    number++;
    tooLong = false;
    from = next;
    int searched = from;
    while (true) {
      int newline = newline(searched);
      if (newline >= 0) {
        to = newline;
        next = newline + 1;
        tooLong |= to - from > longest;
        return;
      }
      if (filled - from > longest) {
        tooLong = true;
        from = filled; // what was read of it is forgotten
      }
      makeRoom();
      searched = filled;
      if (!fill()) {
        to = filled;
        next = filled;
        return;
      }
    }
  }

  private int newline(int start) {
    for (int i = start; i < filled; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void makeRoom() {
    if (filled < buffer.length) {
      return;
    }
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, filled - from);
      filled -= from;
      from = 0;
    } else {
      buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, longest + FIRST_SIZE));
    }
  }

  private boolean fill() throws IOException {
    int read = in.read(buffer, filled, buffer.length - filled);
    if (read < 0) {
      ended = true;
      return false;
    }
    filled += read;
    return true;
  }

  private boolean isBlank() {
    for (int i = from; i < to; i++) {
      if (buffer[i] > ' ' || buffer[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
