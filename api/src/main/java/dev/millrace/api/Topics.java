package dev.millrace.api;

/** The platform's own topics. Only its principals may write them. */
public final class Topics {
  /**
   * Compacted: subscription key to {@link dev.millrace.api.plan.PipelinePlan}; a tombstone ends it.
   */
  public static final String DEFINITIONS = "millrace.definitions";

  /**
   * Compacted: {@code tenant/name/partition} to {@link dev.millrace.api.status.PartitionReport}.
   */
  public static final String STATUS = "millrace.status";

  /** Short-lived: request id to {@link dev.millrace.api.ask.Ask}. */
  public static final String REQUESTS = "millrace.requests";

  /** Short-lived: request id to {@link dev.millrace.api.ask.Answer}. */
  public static final String ANSWERS = "millrace.answers";

  /**
   * Compacted: {@link dev.millrace.api.correction.Correction#recordKey} to a correction. Kept as
   * long as the subscription: replay, rewind and verification fold them.
   */
  public static final String CORRECTIONS = "millrace.corrections";

  private Topics() {}
}
