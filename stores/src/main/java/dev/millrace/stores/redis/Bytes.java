package dev.millrace.stores.redis;

import java.util.Arrays;

/** Bytes that grow at their end. For one thread at a time. */
final class Bytes {
  private byte[] array;
  private int length;

  Bytes(int room) {
    this.array = new byte[room];
  }

  int length() {
    return length;
  }

  /** What stands beyond {@link #length} means nothing. Another one after the next that is put. */
  byte[] array() {
    return array;
  }

  /** Forgets what is behind, or leaves a gap to be filled later. */
  void length(int wanted) {
    room(wanted - length);
    length = wanted;
  }

  void put(int one) {
    room(1);
    array[length++] = (byte) one;
  }

  void put(byte[] bytes) {
    put(bytes, 0, bytes.length);
  }

  void put(byte[] bytes, int offset, int count) {
    room(count);
    System.arraycopy(bytes, offset, array, length, count);
    length += count;
  }

  /** The lowest byte first. */
  void putLittle(long value, int count) {
    room(count);
    setLittle(length, value, count);
    length += count;
  }

  void setLittle(int at, long value, int count) {
    for (int i = 0; i < count; i++) {
      array[at + i] = (byte) (value >>> (8 * i));
    }
  }

  private void room(int more) {
    if (array.length - length < more) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
    }
  }
}
