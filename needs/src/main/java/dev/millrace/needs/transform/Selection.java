package dev.millrace.needs.transform;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of some events a transform has to be asked about. The others do not match its filter and
 * are otherwise in order: each gives {@link Outcome.Pass}, or {@link Outcome.Leave} of its key.
 */
public final class Selection {
  public static final Selection ALL = new Selection(null, null);

  private final @Nullable BitSet asked;
  private final long @Nullable [] keys;

  private Selection(@Nullable BitSet asked, long @Nullable [] keys) {
    this.asked = asked;
    this.keys = keys;
  }

  /** The others give {@link Outcome.Pass}. */
  public static Selection passing(BitSet asked) {
    return new Selection(asked, null);
  }

  /**
   * The others give {@link Outcome.Leave}.
   *
   * @param keys {@link StoreKey#digest} of each of the others
   */
  public static Selection leaving(BitSet asked, long[] keys) {
    return new Selection(asked, keys);
  }

  /** The first to ask about from this one on; {@link Integer#MAX_VALUE} when there is none. */
  public int next(int from) {
    if (asked == null) {
      return from;
    }
    int next = asked.nextSetBit(from);
    return next < 0 ? Integer.MAX_VALUE : next;
  }

  /** Whether what is not asked about may have left rows, which have to go. */
  public boolean leaves() {
    return keys != null;
  }

  /** The digest of the key that leaves. */
  public long key(int event) {
    if (keys == null) {
      throw new IllegalStateException("nothing leaves");
    }
    return keys[event];
  }
}
