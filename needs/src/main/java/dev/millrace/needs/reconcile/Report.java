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

import dev.millrace.api.plan.PipelinePlan;
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
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    Optional<Fault> fault = seen.schema().stops().or(seen::fault);
    if (fault.isPresent()) {
      return verdicts.of(READY, false, fault.get().code(), fault.get().sentence());
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
    Optional<Fault> fault =
        schemaFault(seen).or(() -> seen.fault().filter(f -> f.code().startsWith("Schema")));
    if (fault.isPresent()) {
      return verdicts.of(SCHEMA_COMPATIBLE, false, fault.get().code(), fault.get().sentence());
    }
    if (!seen.schema().rebuilt().isEmpty()) {
      return verdicts.of(
          SCHEMA_COMPATIBLE,
          false,
          "SchemaRebuild",
          "The content is built anew, for the schema changed: "
              + String.join("; ", seen.schema().rebuilt())
              + ". Until it takes the old one's place, new events are read by the old schema.");
    }
    String fits = "Every selected field is in the product's schema.";
    String since = seen.published().map(Report::since).orElse("");
    String withheld = withheld(seen.schema().withheld());
    return verdicts.of(
        SCHEMA_COMPATIBLE,
        true,
        !withheld.isEmpty() ? "FieldWithheld" : since.isEmpty() ? "SchemaMatches" : "ColumnsAdded",
        fits + since + withheld);
  }

  /** It waits for a person, or its store does not take on the schema. */
  private static Optional<Fault> schemaFault(Observed seen) {
    return seen.schema().stops().or(seen.schema()::blocked);
  }

  /** Rows from before have no value there: said for as long as it is so. */
  private static String since(PipelinePlan plan) {
    String columns =
        plan.columns().stream()
            .filter(column -> column.since() != null)
            .map(column ->
                "'"
                    + column.name()
                    + "' "
                    + (column.before() == null
                        ? "was added"
                        : "was " + column.before().type() + " and is " + column.type())
                    + " (partition to first offset: "
                    + new TreeMap<>(column.since())
                    + ")")
            .collect(Collectors.joining("; "));
    return columns.isEmpty()
        ? ""
        : " Events from before a column was added leave it empty, and what was too large for a"
            + " narrower one is a dead letter; a rebuild reads them all by the columns of now: "
            + columns
            + ".";
  }

  private static String withheld(List<String> fields) {
    return fields.isEmpty()
        ? ""
        : " The schema has got classified fields that this subscription did not ask for: "
            + String.join(", ", fields)
            + ". Name them in select, or ask for a rebuild, to have them.";
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
    Optional<Fault> fault = seen.fault().or(() -> schemaFault(seen));
    if (fault.isPresent()) {
      return verdicts.of(DEGRADED, true, fault.get().code(), fault.get().sentence());
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
    if (stopped || refused || seen.schema().stops().isPresent()) {
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
