package dev.millrace.stores.redis;

/** Since Redis 7.0. Each entry ends with its own length, so that the list can be read backwards. */
final class Listpack extends Packing {
  private static final int HEADER = 6;
  private static final int MANY = 0xffff;

  private int entries;

  Listpack() {
    super(16, 10, HEADER);
  }

  @Override
  void restart() {
    entries = 0;
  }

  @Override
  void text(byte[] utf8) {
    int from = bytes.length();
    int length = utf8.length;
    if (length < 1 << 6) {
      bytes.put(0x80 | length);
    } else if (length < 1 << 12) {
      bytes.put(0xe0 | length >> 8);
      bytes.put(length);
    } else {
      bytes.put(0xf0);
      bytes.putLittle(length, 4);
    }
    bytes.put(utf8);
    ended(from);
  }

  @Override
  void integer(long value) {
    int from = bytes.length();
    if (0 <= value && value < 1 << 7) {
      bytes.put((int) value);
    } else if (-(1 << 12) <= value && value < 1 << 12) {
      bytes.put(0xc0 | (int) value >> 8 & 0x1f);
      bytes.put((int) value);
    } else if (value == (short) value) {
      bytes.put(0xf1);
      bytes.putLittle(value, 2);
    } else if (-(1 << 23) <= value && value < 1 << 23) {
      bytes.put(0xf2);
      bytes.putLittle(value, 3);
    } else if (value == (int) value) {
      bytes.put(0xf3);
      bytes.putLittle(value, 4);
    } else {
      bytes.put(0xf4);
      bytes.putLittle(value, 8);
    }
    ended(from);
  }

  /** Seven bits a byte, the highest first; all but the first say that there is one before. */
  private void ended(int from) {
    entries++;
    int length = bytes.length() - from;
    int more = 0;
    while (more < 4 && length >= limit(more)) {
      more++;
    }
    bytes.put(length >>> 7 * more);
    for (int shift = 7 * (more - 1); shift >= 0; shift -= 7) {
      bytes.put(length >>> shift & 0x7f | 0x80);
    }
  }

  /** What does not go into so many bytes more: the server never fills two or three wholly. */
  private static int limit(int more) {
    return more == 0 ? 1 << 7 : (1 << 7 * (more + 1)) - 1;
  }

  @Override
  void close() {
    bytes.put(0xff);
    bytes.setLittle(blockStart(), bytes.length() - blockStart(), 4);
    bytes.setLittle(blockStart() + 4, Math.min(entries, MANY), 2);
  }
}
