package dev.millrace.stores.redis;

/** Before Redis 7.0. Each entry begins with the length of the one before. */
final class Ziplist extends Packing {
  private static final int HEADER = 10;
  private static final int MANY = 0xffff;
  private static final int LONG_BEFORE = 254;

  private int entries;
  private int last;
  private int lengthBefore;

  Ziplist() {
    super(13, 9, HEADER);
  }

  @Override
  void restart() {
    entries = 0;
    last = blockStart() + HEADER;
    lengthBefore = 0;
  }

  @Override
  void text(byte[] utf8) {
    begun();
    int length = utf8.length;
    if (length < 1 << 6) {
      bytes.put(length);
    } else if (length < 1 << 14) {
      bytes.put(0x40 | length >> 8);
      bytes.put(length);
    } else {
      bytes.put(0x80);
      for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.put(length >>> shift);
      }
    }
    bytes.put(utf8);
    lengthBefore = bytes.length() - last;
  }

  @Override
  void integer(long value) {
    begun();
    if (0 <= value && value <= 12) {
      bytes.put(0xf1 + (int) value);
    } else if (value == (byte) value) {
      bytes.put(0xfe);
      bytes.put((int) value);
    } else if (value == (short) value) {
      bytes.put(0xc0);
      bytes.putLittle(value, 2);
    } else if (-(1 << 23) <= value && value < 1 << 23) {
      bytes.put(0xf0);
      bytes.putLittle(value, 3);
    } else if (value == (int) value) {
      bytes.put(0xd0);
      bytes.putLittle(value, 4);
    } else {
      bytes.put(0xe0);
      bytes.putLittle(value, 8);
    }
    lengthBefore = bytes.length() - last;
  }

  private void begun() {
    last = bytes.length();
    entries++;
    if (lengthBefore < LONG_BEFORE) {
      bytes.put(lengthBefore);
    } else {
      bytes.put(LONG_BEFORE);
      bytes.putLittle(lengthBefore, 4);
    }
  }

  @Override
  void close() {
    bytes.put(0xff);
    int start = blockStart();
    bytes.setLittle(start, bytes.length() - start, 4);
    bytes.setLittle(start + 4, last - start, 4);
    bytes.setLittle(start + 8, Math.min(entries, MANY), 2);
  }
}
