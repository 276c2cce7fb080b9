package dev.millrace.provisioner.core;

import dev.millrace.needs.transform.StoreKey;

/**
 * Which keys may be in the store. Says yes too often, never no wrongly, so that a delete of a key
 * that never was there can be left out: of a filter that few events pass, nearly all. Keeps 64-bit
 * digests; a key that goes stays known, for another may share its digest. Where keys come and go,
 * more and more is known of what was; so now and then the store is asked anew. Not safe for use by
 * several threads.
 */
public final class PresentKeys {
  private static final int SMALLEST = 1 << 10;

  /** Fewer deletions than this are no reason to ask. */
  private static final int FEW = 1 << 8;

  private final long budgetBytes;
  private long[] slots;
  private int size;
  private long gone;

  /** There are more than can be known. */
  private boolean everything;

  /** The store is being asked; what it says comes to what is put meanwhile. */
  private boolean asked;

  /** It has more than can be known, or does not say. */
  private boolean givenUp;

  /**
   * @param budgetBytes when it does not suffice, every key may be there from then on
   */
  public PresentKeys(long budgetBytes) {
    this.budgetBytes = budgetBytes;
    this.everything = budgetBytes < 8L * SMALLEST;
    this.givenUp = everything;
    this.slots = new long[everything ? 0 : SMALLEST];
  }

  /** How many keys can be known; 0 when there is no use in asking. */
  public long most() {
    if (givenUp) {
      return 0;
    }
    int largest = SMALLEST;
    while (mayGrow(largest)) {
      largest *= 2;
    }
    return largest / 2;
  }

  public void add(StoreKey key) {
    add(key.digest());
  }

  private void add(long digest) {
    if (!everything && insert(slots, digest) && ++size > slots.length / 2) {
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
    return everything || asked || holds(digest);
  }

  /** A deletion was taken in: of a key that was there, or of one that only had been. */
  void goes() {
    gone++;
  }

  /**
   * So many deletions came that half of what is known may be of the past, or that nothing is known
   * any more though the store may have few keys.
   *
   * @param least deletions that asking costs as much as
   */
  boolean isWorn(long least) {
    return gone >= Math.max(least, everything ? FEW : Math.max(FEW, size / 2));
  }

  /**
   * The store will be asked when all is there that was added until now. Until it has answered every
   * key may be there.
   *
   * @return false when there is no use in it, or the answer to the last time has not come: that one
   *     lacks what was added since
   */
  boolean ask() {
    if (asked || givenUp) {
      return false;
    }
    everything = false;
    asked = true;
    slots = new long[SMALLEST];
    size = 0;
    gone = 0;
    return true;
  }

  /**
   * @param answer what the store had then
   */
  void answered(PresentKeys answer) {
    asked = false;
    if (answer.everything) {
      giveUp();
      return;
    }
    long[] since = slots;
    boolean tooMany = everything;
    slots = answer.slots;
    size = answer.size;
    everything = false;
    if (tooMany) {
      overflow();
      return;
    }
    for (long digest : since) {
      if (digest != 0) {
        add(digest);
      }
    }
  }

  /** From now on nothing is known. */
  public void giveUp() {
    overflow();
    givenUp = true;
  }

  private void overflow() {
    everything = true;
    slots = new long[0];
  }

  private void grow() {
    if (!mayGrow(slots.length)) {
      overflow();
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

  /** While it grows, both are there. */
  private boolean mayGrow(int length) {
    return 8L * 3 * length <= budgetBytes && length < 1 << 29;
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
