package dev.millrace.stores.redis;

import java.util.List;
import java.util.function.Supplier;

/**
 * A hash in the one block of memory in which Redis keeps small ones, with what RESTORE wants around
 * it: the value's type and length before, the version of the format and a checksum behind, as in a
 * dump file. Begun anew for each hash; for one thread at a time.
 */
abstract sealed class Packing permits Listpack, Ziplist {

  /** The forms there are, the newest first. */
  static final List<Supplier<Packing>> ALL = List.of(Listpack::new, Ziplist::new);

  /** A type and the longest length: they are written last, as the length is known then. */
  private static final int BEFORE = 6;

  private static final int SHORT = 1 << 6;
  private static final int MEDIUM = 1 << 14;

  private final int type;
  private final int version;
  private final int headerLength;
  private int start;

  /** From {@link #BEFORE} on the block. */
  final Bytes bytes = new Bytes(1 << 10);

  /**
   * @param type of a value, in a dump file
   * @param version the first of the dump file that knows this type, which newer servers read too
   * @param headerLength of the block
   */
  Packing(int type, int version, int headerLength) {
    this.type = type;
    this.version = version;
    this.headerLength = headerLength;
  }

  final void begin() {
    bytes.length(BEFORE + headerLength);
    start = BEFORE;
    restart();
  }

  /** Forgets the hash before. */
  abstract void restart();

  /** A field's name or value. */
  abstract void text(byte[] utf8);

  /** One that reads as the number's digits. */
  abstract void integer(long value);

  /** Writes the block's header and end. */
  abstract void close();

  final void end() {
    close();
    int length = bytes.length() - BEFORE;
    byte[] array = bytes.array();
    if (length < SHORT) {
      array[--start] = (byte) length;
    } else if (length < MEDIUM) {
      array[--start] = (byte) length;
      array[--start] = (byte) (0x40 | length >> 8);
    } else {
      for (int shift = 0; shift < 32; shift += 8) {
        array[--start] = (byte) (length >> shift);
      }
      array[--start] = (byte) 0x80;
    }
    array[--start] = (byte) type;
    bytes.putLittle(version, 2);
    bytes.putLittle(Crc64.of(bytes.array(), start, bytes.length()), 8);
  }

  /** Into a request, as one word. */
  final void addTo(Requests requests) {
    requests.word(bytes.array(), start, bytes.length() - start);
  }

  /** Where the block begins. */
  static int blockStart() {
    return BEFORE;
  }
}
