package dev.millrace.provisioner.core;

import dev.millrace.needs.transform.StoreKey;
import java.util.UUID;

/**
 * Which keys may be in the store. Says yes too often, never no wrongly, so that a delete of a key
 * that never was there can be left out: of a filter that few events pass, nearly all. Keeps 64-bit
 * digests; a key that goes stays known, for another may share its digest. Not safe for use by
 * several threads.
 */
public final class PresentKeys {
  private static final int SMALLEST = 1 << 10;

  private final long budgetBytes;
  private long[] slots = new long[SMALLEST];
  private int size;
  private boolean everything;

  /**
   * @param budgetBytes when it does not suffice, every key may be there from then on
   */
  public PresentKeys(long budgetBytes) {
    this.budgetBytes = budgetBytes;
    this.everything = budgetBytes < 8L * SMALLEST;
  }

  public void add(StoreKey key) {
    if (!everything && insert(slots, digest(key)) && ++size > slots.length / 2) {
      grow();
    }
  }

  boolean mayHold(StoreKey key) {
    return everything || holds(digest(key));
  }

  /** From now on nothing is known. */
  public void giveUp() {
    everything = true;
    slots = new long[0];
  }

  private void grow() {
    // While it grows, both are there.
    if (8L * 3 * slots.length > budgetBytes || slots.length >= 1 << 29) {
      giveUp();
      return;
    }
    long[] larger = new long[slots.length * 2];
    for (long digest : slots) {
      if (digest != 0) {
        insert(larger, digest);
      }
    }
    slots = larger;
  }

  private static boolean insert(long[] into, long digest) {
    int at = (int) digest & (into.length - 1);
    while (into[at] != 0) {
      if (into[at] == digest) {
        return false;
      }
      at = (at + 1) & (into.length - 1);
    }
    into[at] = digest;
    return true;
  }

  private boolean holds(long digest) {
    int at = (int) digest & (slots.length - 1);
    while (slots[at] != 0) {
      if (slots[at] == digest) {
        return true;
      }
      at = (at + 1) & (slots.length - 1);
    }
    return false;
  }

  /** Never 0, which marks a free slot. */
  private static long digest(StoreKey key) {
    long digest = 17;
    for (Object value : key.values()) {
      digest = mixed(digest * 31 + digest(value));
    }
    return digest == 0 ? 1 : digest;
  }

  /** A store may hand over an int where an event gave a long. */
  private static long digest(Object value) {
    return switch (value) {
      case Long number -> number;
      case Integer number -> number.longValue();
      case UUID uuid -> mixed(uuid.getMostSignificantBits()) + uuid.getLeastSignificantBits();
      default -> digest(value.toString());
    };
  }

  private static long digest(String text) {
    long digest = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      digest = (digest ^ text.charAt(i)) * 0x100000001b3L;
    }
    return digest;
  }

  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
