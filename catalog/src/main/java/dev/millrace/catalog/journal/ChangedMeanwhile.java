package dev.millrace.catalog.journal;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.problem.Refusal;

/** Someone else's decision about the same object came first. */
public final class ChangedMeanwhile {
  private ChangedMeanwhile() {}

  public static Refusal of(ObjectKey key) {
    return new Refusal(
        409,
        "ChangedMeanwhile",
        "'" + key + "' was changed by someone else at the same moment",
        "Look at it again, and send the change once more if it is still wanted.");
  }
}
