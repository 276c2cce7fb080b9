package dev.millrace.provisioner.core;

import dev.millrace.needs.transform.Outcome;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.stores.StoreProblem;
import java.time.Duration;
import java.util.Set;

/**
 * Why a pipeline does not go on, and what to do about it.
 *
 * @param code stable CamelCase word: the report's reason
 * @param again when it is tried again
 */
public record Trouble(String code, String message, String remedy, Again again) {
  private static final Set<String> POINTLESS_OR_DANGEROUS =
      Set.of("StoreLost", "SourceRecreated", "KeyOrderAtRisk", "HistoryLost", "HistoryTruncated");

  public enum Again {
    /** It heals by itself: soon, and then ever less often. */
    SOON,
    /** Somebody has to do something elsewhere, which nobody tells us. */
    LATER,
    /** Only another plan can help. */
    WHEN_CHANGED
  }

  public static Trouble of(StoreProblem problem) {
    return new Trouble(
        problem.code(),
        String.valueOf(problem.getMessage()),
        problem.remedy(),
        again(problem.code(), problem.passing()));
  }

  public static Trouble of(SourceProblem problem) {
    return new Trouble(
        problem.code(),
        String.valueOf(problem.getMessage()),
        problem.remedy(),
        again(problem.code(), problem.code().equals("SourceUnavailable")));
  }

  public static Trouble fenced() {
    return new Trouble(
        "Fenced",
        "The store's cursor was moved by somebody else, so nothing was written",
        "Another worker may have just taken over, or the store was set back; this one reads the"
            + " cursor again by itself.",
        Again.SOON);
  }

  public static Trouble ownFault(Throwable fault) {
    return new Trouble(
        "WorkerFault",
        "The worker failed with " + fault.getClass().getSimpleName(),
        "This is a fault of Millrace: report it with the worker's log. It is tried again.",
        Again.SOON);
  }

  /** With policy Halt: the pipeline stands before this event. */
  static Trouble halted(int partition, long offset, Outcome.Dead dead) {
    return new Trouble(
        dead.code(),
        "The event in partition " + partition + " at offset " + offset + ": " + dead.message(),
        "onError is Halt, so it stands before this event. Set onError to DeadLetter or Skip to go"
            + " past it.",
        Again.WHEN_CHANGED);
  }

  static Trouble tooMany(int partition, long offset, long dead, Outcome.Dead last) {
    return new Trouble(
        "TooManyDeadLetters",
        dead
            + " events could not be applied and one more would exceed onError.stopAfter: partition "
            + partition
            + ", offset "
            + offset
            + ", "
            + last.code()
            + " ("
            + last.message()
            + ")",
        "Look at the dead letters; then correct the producer or the select, or raise stopAfter.",
        Again.WHEN_CHANGED);
  }

  /** Compaction may have taken a deletion, and its row would stay for ever. */
  public static Trouble compacted(String topic, int partition, long offset, Duration kept) {
    return new Trouble(
        "HistoryCompacted",
        "Offsets from "
            + offset
            + " of "
            + topic
            + " partition "
            + partition
            + " are not there any more, and the pipeline comes later than the topic keeps deletions"
            + " (delete.retention.ms="
            + kept.toMillis()
            + "): rows that were deleted there would stay",
        "Go on with another token in spec.requests.acceptLoss, and then have the content built anew"
            + " with another in spec.requests.rebuild; or delete the subscription and make it again.",
        Again.WHEN_CHANGED);
  }

  String sentence() {
    return (message.endsWith(".") ? message : message + ".") + " " + remedy;
  }

  private static Again again(String code, boolean passing) {
    if (passing) {
      return Again.SOON;
    }
    return POINTLESS_OR_DANGEROUS.contains(code) ? Again.WHEN_CHANGED : Again.LATER;
  }
}
