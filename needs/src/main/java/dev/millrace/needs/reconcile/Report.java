package dev.millrace.needs.reconcile;

import static dev.millrace.api.status.Condition.Types.APPROVED;
import static dev.millrace.api.status.Condition.Types.CAUGHT_UP;
import static dev.millrace.api.status.Condition.Types.COMPLETE;
import static dev.millrace.api.status.Condition.Types.CREDENTIALS_READY;
import static dev.millrace.api.status.Condition.Types.DEGRADED;
import static dev.millrace.api.status.Condition.Types.PRELOADED;
import static dev.millrace.api.status.Condition.Types.PROVISIONED;
import static dev.millrace.api.status.Condition.Types.READY;
import static dev.millrace.api.status.Condition.Types.SCHEMA_COMPATIBLE;

import dev.millrace.api.status.Condition;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.needs.plan.Losses;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What to tell of a subscription.
 *
 * @param phase the conditions in one word, for lists
 * @param rebuild how far the content is that is being built anew
 * @param lost what was accepted as lost
 */
public record Report(
    String phase,
    List<Condition> conditions,
    Optional<SubscriptionStatus.Rebuild> rebuild,
    List<SubscriptionStatus.Lost> lost) {

  private static final String LOSS_ACCEPTED = "LossAccepted";

  /**
   * @param proven the cursors were just seen in the store, flushed and past the cutover
   */
  public static Report of(Observed seen, boolean proven, Clock clock) {
    Verdicts verdicts = new Verdicts(seen, clock);
    boolean ready = proven || seen.ready();
    Optional<PartitionReport> trouble = trouble(seen);
    List<Condition> conditions =
        new ArrayList<>(
            List.of(
                ready(verdicts, seen, ready, trouble),
                verdicts.of(APPROVED, true, "PolicyOpen", "The product is open to every tenant."),
                schema(verdicts, seen),
                provisioned(verdicts, seen),
                verdicts.of(
                    CREDENTIALS_READY,
                    seen.credentials(),
                    seen.credentials() ? "ReaderKept" : "NotMadeYet",
                    seen.credentials()
                        ? "The reader's login is kept and can be revealed once."
                        : "The reader's login is made together with the store."),
                preloaded(verdicts, seen, ready),
                caughtUp(verdicts, seen),
                degraded(verdicts, seen, trouble)));
    if (seen.published().filter(plan -> plan.until() != null).isPresent()) {
      conditions.add(complete(verdicts, seen, ready));
    }
    return new Report(
        phase(seen, ready, trouble),
        conditions,
        seen.shadow().map(RebuildReport::of),
        seen.published().map(Losses::all).orElse(List.of()));
  }

  private static Condition ready(
      Verdicts verdicts, Observed seen, boolean ready, Optional<PartitionReport> trouble) {
    if (seen.deleting()) {
      return verdicts.of(READY, false, "Deleting", "The subscription is being removed.");
    }
    if (ready) {
      String proven =
          "All history up to the cutover was seen in the store, flushed, on a fresh connection.";
      return accepted(seen)
          .map(loss ->
              verdicts.of(READY, true, LOSS_ACCEPTED, proven + " It is not all there was: " + loss))
          .orElseGet(() -> verdicts.of(READY, true, "HistoryProven", proven));
    }
    if (seen.fault().isPresent()) {
      return verdicts.of(READY, false, seen.fault().get().code(), seen.fault().get().sentence());
    }
    if (trouble.isPresent()) {
      return verdicts.of(READY, false, reason(trouble.get()), "Partition " + where(trouble.get()));
    }
    return verdicts.of(
        READY,
        false,
        seen.published().isPresent() ? "Preloading" : "Provisioning",
        seen.published().isPresent()
            ? "History is being loaded."
            : "The store is being made; a worker begins after it.");
  }

  private static Condition schema(Verdicts verdicts, Observed seen) {
    Optional<Fault> fault = seen.fault().filter(f -> f.code().startsWith("Schema"));
    return verdicts.of(
        SCHEMA_COMPATIBLE,
        fault.isEmpty(),
        fault.map(Fault::code).orElse("SchemaMatches"),
        fault.map(Fault::sentence).orElse("Every selected field is in the product's schema."));
  }

  private static Condition provisioned(Verdicts verdicts, Observed seen) {
    boolean there = seen.published().isPresent();
    if (seen.fault().isPresent() && !there) {
      return verdicts.of(
          PROVISIONED, false, seen.fault().get().code(), seen.fault().get().sentence());
    }
    return verdicts.of(
        PROVISIONED,
        there,
        there ? "StoreReady" : "Provisioning",
        there
            ? "Table or keys, reader and cursors are in the store."
            : "Database, table or keys, reader and cursors are being made.");
  }

  private static Condition preloaded(Verdicts verdicts, Observed seen, boolean ready) {
    boolean loaded = ready || seen.cutoverPassed();
    return verdicts.of(
        PRELOADED,
        loaded,
        loaded ? "CutoverReached" : "Loading",
        loaded
            ? "Every partition has passed its cutover offset."
            : "History up to the cutover offsets is being applied.");
  }

  private static Condition caughtUp(Verdicts verdicts, Observed seen) {
    long lag =
        seen.reports().values().stream()
            .mapToLong(report -> Math.max(0, report.endOffset() - report.position()))
            .sum();
    boolean caughtUp = seen.allCaughtUp();
    if (seen.reports().isEmpty() && !caughtUp) {
      return verdicts.of(CAUGHT_UP, false, "Behind", "No worker has reported yet.");
    }
    return verdicts.of(
        CAUGHT_UP,
        caughtUp,
        caughtUp ? "AtLogEnd" : "Behind",
        caughtUp
            ? "The store keeps up with the log."
            : String.format(Locale.ROOT, "%,d events behind the log's end.", lag));
  }

  private static Condition complete(Verdicts verdicts, Observed seen, boolean ready) {
    boolean complete = ready && seen.isFinished();
    return verdicts.of(
        COMPLETE,
        complete,
        complete ? "EndReached" : "Behind",
        complete
            ? "Everything up to spec.until is in the store, flushed; nothing more will come."
            : "Events up to spec.until are being applied.");
  }

  private static Condition degraded(
      Verdicts verdicts, Observed seen, Optional<PartitionReport> trouble) {
    if (trouble.isPresent()) {
      return verdicts.of(
          DEGRADED, true, reason(trouble.get()), "Partition " + where(trouble.get()));
    }
    if (seen.fault().isPresent()) {
      return verdicts.of(DEGRADED, true, seen.fault().get().code(), seen.fault().get().sentence());
    }
    Optional<SubscriptionStatus.Rebuild> blocked =
        seen.shadow().map(RebuildReport::of).filter(rebuild -> rebuild.reason() != null);
    if (blocked.isPresent()) {
      return verdicts.of(
          DEGRADED,
          true,
          String.valueOf(blocked.get().reason()),
          "The rebuild does not go on, what is in the store is kept up to date. "
              + blocked.get().message());
    }
    return accepted(seen)
        .map(loss -> verdicts.of(DEGRADED, false, LOSS_ACCEPTED, "Nothing is in the way. " + loss))
        .orElseGet(() -> verdicts.of(DEGRADED, false, "AsExpected", "Nothing is wrong."));
  }

  private static Optional<String> accepted(Observed seen) {
    return seen.published().flatMap(Losses::sentence);
  }

  private static Optional<PartitionReport> trouble(Observed seen) {
    return seen.reports().values().stream()
        .filter(report -> report.reason() != null)
        .min(Comparator.comparingInt(PartitionReport::partition));
  }

  private static String reason(PartitionReport report) {
    return report.reason() == null ? "Unknown" : report.reason();
  }

  private static String where(PartitionReport report) {
    return report.partition() + " at offset " + report.position() + ": " + report.message();
  }

  private static String phase(Observed seen, boolean ready, Optional<PartitionReport> trouble) {
    if (seen.deleting()) {
      return "Deleting";
    }
    boolean stopped = trouble.map(report -> report.phase().equals("Stopped")).orElse(false);
    boolean refused = !ready && seen.fault().map(fault -> !fault.passing()).orElse(false);
    if (stopped || refused) {
      return "Failed";
    }
    if (seen.published().isEmpty()) {
      return "Pending";
    }
    String state = seen.published().get().state();
    if (!state.equals("Running")) {
      return state;
    }
    if (ready && seen.isFinished()) {
      return "Finished";
    }
    return ready ? "Live" : "Preloading";
  }

  /** Makes conditions that keep the time of their last change. */
  private record Verdicts(Observed seen, Clock clock) {

    Condition of(String type, boolean isTrue, String reason, String message) {
      String status = isTrue ? "True" : "False";
      return new Condition(
          type,
          status,
          reason,
          message,
          seen.generation(),
          seen.condition(type)
              .filter(before -> before.status().equals(status))
              .map(Condition::lastTransitionTime)
              .orElseGet(clock::instant));
    }
  }
}
