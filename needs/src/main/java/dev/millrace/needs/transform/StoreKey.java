package dev.millrace.needs.transform;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * The values of the key columns, in the order of the plan. Two record keys never give the same
 * StoreKey: a tombstone carries nothing else.
 */
public final class StoreKey {
  private static final long BEGINNING = 17;
  private static final long TEXT = 0xcbf29ce484222325L;

  private final Object[] values;

  public StoreKey(Object... values) {
    this.values = values.clone();
  }

  public List<Object> values() {
    return List.of(values);
  }

  /**
   * 64 bits of it, never 0. Others may have the same; that it is the same for the same key holds
   * also where a store hands over an int and an event gave a long.
   */
  public long digest() {
    long digest = BEGINNING;
    for (Object value : values) {
      digest = with(digest, part(value));
    }
    return notZero(digest);
  }

  /** The same of a key that is one number. */
  static long digest(long number) {
    return notZero(with(BEGINNING, number));
  }

  /** The same of a key that is one text. */
  static long digest(byte[] ascii) {
    long text = TEXT;
    for (byte letter : ascii) {
      text = withLetter(text, letter);
    }
    return notZero(with(BEGINNING, text));
  }

  private static long part(Object value) {
    return switch (value) {
      case Long number -> number;
      case Integer number -> number.longValue();
      case UUID uuid -> mixed(uuid.getMostSignificantBits()) + uuid.getLeastSignificantBits();
      default -> part(value.toString());
    };
  }

  private static long part(String text) {
    long digest = TEXT;
    for (int i = 0; i < text.length(); i++) {
      digest = withLetter(digest, text.charAt(i));
    }
    return digest;
  }

  private static long withLetter(long text, int letter) {
    return (text ^ letter) * 0x100000001b3L;
  }

  private static long with(long digest, long part) {
    return mixed(digest * 31 + part);
  }

  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static long notZero(long digest) {
    return digest == 0 ? 1 : digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoreKey that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }
}
