package dev.millrace.stores.redis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The checksum behind a value that Redis is to restore: CRC-64 with Jones' polynomial
 * 0xad93d23594c935a9, reflected, begun with 0. Eight bytes a step, by eight tables.
 */
final class Crc64 {
  private static final long REFLECTED = 0x95ac9329ac4bc9b5L;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Of a byte that this many bytes follow: 256 for each number of them. */
  private static final long[] TABLE = table();

  private Crc64() {}

  private static long[] table() {
    long[] table = new long[8 * 256];
    for (int b = 0; b < 256; b++) {
      long crc = b;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ REFLECTED;
      }
      table[b] = crc;
    }
    for (int i = 256; i < table.length; i++) {
      long before = table[i - 256];
      table[i] = (before >>> 8) ^ table[(int) before & 0xff];
    }
    return table;
  }

  static long of(byte[] bytes, int from, int to) {
    long crc = 0;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      long x = crc ^ (long) LONG.get(bytes, at);
      crc =
          TABLE[0x700 + ((int) x & 0xff)]
              ^ TABLE[0x600 + ((int) (x >>> 8) & 0xff)]
              ^ TABLE[0x500 + ((int) (x >>> 16) & 0xff)]
              ^ TABLE[0x400 + ((int) (x >>> 24) & 0xff)]
              ^ TABLE[0x300 + ((int) (x >>> 32) & 0xff)]
              ^ TABLE[0x200 + ((int) (x >>> 40) & 0xff)]
              ^ TABLE[0x100 + ((int) (x >>> 48) & 0xff)]
              ^ TABLE[(int) (x >>> 56)];
    }
    for (; at < to; at++) {
      crc = (crc >>> 8) ^ TABLE[(int) (crc ^ bytes[at]) & 0xff];
    }
    return crc;
  }
}
