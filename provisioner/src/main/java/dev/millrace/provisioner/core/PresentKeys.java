package dev.millrace.provisioner.core;

import dev.millrace.needs.transform.StoreKey;

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
    if (!everything && insert(slots, key.digest()) && ++size > slots.length / 2) {
      grow();
    }
  }

  boolean mayHold(StoreKey key) {
    return mayHold(key.digest());
  }

  /**
   * @param digest of the key
   */
  boolean mayHold(long digest) {
    return everything || holds(digest);
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
}
