package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Variant;
import java.util.Random;

/** What makes the platform build a subscription's content anew. */
enum Change {
  /** The same content once more. */
  TOKEN {
    @Override
    Variant of(Variant present, Random random) {
      return present.withToken("again-" + Long.toHexString(random.nextLong()));
    }
  },
  /** Other rows of the same columns: a store merges what differs. */
  FILTER {
    @Override
    Variant of(Variant present, Random random) {
      int least = 1_000 * (1 + random.nextInt(20));
      Integer before = present.least();
      return present.withLeast(before != null && before == least ? least + 1_000 : least);
    }
  },
  /** A column more or one less: what is built takes the other's place. */
  SHAPE {
    @Override
    Variant of(Variant present, Random random) {
      return present.reshaped();
    }
  };

  abstract Variant of(Variant present, Random random);

  static Change any(Random random) {
    return values()[random.nextInt(values().length)];
  }
}
