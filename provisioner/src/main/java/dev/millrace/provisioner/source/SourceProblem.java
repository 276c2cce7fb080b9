package dev.millrace.provisioner.source;

/**
 * The central event store does not give what a plan needs.
 *
 * <p>Codes: {@code SourceUnavailable} (passing), {@code SourceForbidden}, {@code TopicMissing},
 * {@code SourceRecreated}, {@code KeyOrderAtRisk}, {@code HistoryLost} and {@code
 * HistoryTruncated}.
 */
public final class SourceProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String remedy;

  /**
   * @param message what is wrong and where
   */
  SourceProblem(String code, String message, String remedy) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }

  static SourceProblem unavailable(String doing, Throwable cause) {
    SourceProblem problem =
        new SourceProblem(
            "SourceUnavailable",
            "Kafka did not answer while " + doing + " (" + cause.getClass().getSimpleName() + ")",
            "Look whether the brokers run and are reachable; it is tried again by itself.");
    problem.initCause(cause);
    return problem;
  }

  static SourceProblem missing(String topic) {
    return new SourceProblem(
        "TopicMissing",
        "The topic " + topic + " is not there",
        "Ask who deleted it. A new topic of this name is another log: it needs a new subscription.");
  }

  static SourceProblem recreated(String topic, String planned, String found) {
    return new SourceProblem(
        "SourceRecreated",
        "The topic " + topic + " was made anew: its id is " + found + ", the plan's " + planned,
        "The new topic is another log: delete the subscription and make it again.");
  }

  static SourceProblem morePartitions(String topic, int planned, int found) {
    return new SourceProblem(
        "KeyOrderAtRisk",
        "The topic "
            + topic
            + " has "
            + found
            + " partitions now, and the plan knows "
            + planned
            + ": events of one key may lie in two partitions, whose order nobody knows",
        "What was applied before is right. Publish into a new topic with that many partitions, and"
            + " make a product and a subscription of it.");
  }

  static SourceProblem forbidden(String topic) {
    return new SourceProblem(
        "SourceForbidden",
        "The worker's principal may not read the topic " + topic,
        "Grant it READ and DESCRIBE on the topic.");
  }

  /**
   * @param earliest the first offset that is still there
   */
  static SourceProblem lost(String topic, int partition, long wanted, long earliest) {
    return new SourceProblem(
        "HistoryLost",
        "Offsets "
            + wanted
            + " to "
            + (earliest - 1)
            + " of "
            + topic
            + " partition "
            + partition
            + " are gone: retention took them before they were applied",
        "What they held cannot be applied any more. Lengthen the topic's retention; then go on behind"
            + " them with another token in spec.requests.acceptLoss, or delete the subscription and"
            + " make it again to load what is still there.");
  }

  static SourceProblem truncated(String topic, int partition, long wanted, String found) {
    return new SourceProblem(
        "HistoryTruncated",
        "The log of "
            + topic
            + " partition "
            + partition
            + " was cut back: the store holds events up to offset "
            + wanted
            + ", "
            + found,
        "The store may hold events that the log has lost: delete the subscription and make it"
            + " again.");
  }

  public String code() {
    return code;
  }

  public String remedy() {
    return remedy;
  }
}
