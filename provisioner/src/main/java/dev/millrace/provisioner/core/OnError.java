package dev.millrace.provisioner.core;

import dev.millrace.api.plan.PipelinePlan;

/**
 * What becomes of an event that cannot be applied. Decided from the policy and the counts that move
 * with the cursor, so that it does not depend on batches or restarts.
 */
public record OnError(PipelinePlan.ErrorPolicy policy) {
  /** Of fewer events a share says nothing. */
  private static final long ENOUGH_FOR_A_SHARE = 1000;

  enum Reaction {
    DEAD_LETTER,
    SKIP,
    HALT,
    TOO_MANY
  }

  public OnError {
    if (!java.util.Set.of("DeadLetter", "Skip", "Halt").contains(policy.policy())) {
      throw new IllegalArgumentException("unknown onError.policy '" + policy.policy() + "'");
    }
  }

  /**
   * @param dead events that could not be applied before this one, over this worker's partitions
   * @param read events read before this one
   */
  Reaction to(long dead, long read) {
    if (exceeds(dead + 1, read + 1)) {
      return Reaction.TOO_MANY;
    }
    return switch (policy.policy()) {
      case "Skip" -> Reaction.SKIP;
      case "Halt" -> Reaction.HALT;
      default -> Reaction.DEAD_LETTER;
    };
  }

  private boolean exceeds(long dead, long read) {
    return (policy.stopAfterCount() != null && dead > policy.stopAfterCount())
        || (policy.stopAfterShare() != null
            && read >= ENOUGH_FOR_A_SHARE
            && (double) dead / read > policy.stopAfterShare());
  }
}
