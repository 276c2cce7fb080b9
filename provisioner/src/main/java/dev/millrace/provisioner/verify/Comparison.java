package dev.millrace.provisioner.verify;

import dev.millrace.api.ask.Verification;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.plan.Losses;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.provisioner.correction.Effect;
import dev.millrace.provisioner.source.Cancelled;
import dev.millrace.provisioner.source.History;
import dev.millrace.provisioner.source.Rewound;
import dev.millrace.provisioner.source.Running;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Content;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.KeyDigest;
import dev.millrace.stores.StoreProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One attempt. The stream is folded up to the cursors of each portion of rows before these are
 * judged, so a row is only ever compared with what its own moment asks for, however fast the
 * pipeline goes on. Keys that were not handed over are looked for by name at the end.
 */
final class Comparison {
  private static final int LOOKED_FOR_AT_ONCE = 500;

  /** Clocks differ: about this long before and after its time a row may be there or not. */
  private static final Duration EXPIRY_MARGIN = Duration.ofMinutes(1);

  private static final Outcome NOTHING = new Outcome.Pass();

  private final PipelinePlan plan;
  private final CorrectedTransform transform;
  private final Settled settled;
  private final Content content;
  private final Supplier<History> histories;
  private final long budgetBytes;
  private final Clock clock;
  private final Running running;
  private final Consumer<Verification> progress;
  private final Findings findings;
  private final Map<Integer, Long> from = new HashMap<>();
  private boolean incomplete;
  private long shownAt = System.nanoTime();

  Comparison(
      PipelinePlan plan,
      CorrectedTransform transform,
      Settled settled,
      Content content,
      Supplier<History> histories,
      long budgetBytes,
      Clock clock,
      Running running,
      Consumer<Verification> progress,
      Findings findings) {
    this.plan = plan;
    this.transform = transform;
    this.settled = settled;
    this.content = content;
    this.histories = histories;
    this.budgetBytes = budgetBytes;
    this.clock = clock;
    this.running = running;
    this.progress = progress;
    this.findings = findings;
  }

  void run() throws SourceProblem, StoreProblem, Rewound, Cancelled {
    if (!isSameSource()) {
      return;
    }
    try (History history = histories.get()) {
      findBeginning(history);
      int segment = 0;
      while (segment < Expected.SEGMENTS) {
        segment = round(history, segment);
      }
    }
  }

  private boolean isSameSource() {
    for (Cursor cursor : content.cursors()) {
      if (!cursor.topicId().equals(plan.source().topicId())) {
        findings.reason(
            "SourceRecreated",
            "The store was filled from an earlier topic of the name " + plan.source().topic());
        return false;
      }
      if (cursor.definition() != plan.definition()) {
        findings.reason(
            "DefinitionDiffers",
            "The store is at definition "
                + cursor.definition()
                + ", the worker at "
                + plan.definition()
                + ": try again in a moment");
        return false;
      }
    }
    return true;
  }

  private void findBeginning(History history) throws SourceProblem {
    Map<Integer, Long> beginnings = history.beginnings(plan.start().keySet());
    for (Cursor cursor : content.cursors()) {
      int partition = cursor.partition();
      // What was accepted as lost before the first event was applied, no row came from.
      long start =
          Math.min(
              Losses.behind(plan, partition, plan.start().getOrDefault(partition, 0L)),
              cursor.nextOffset());
      long gone = Math.min(beginnings.get(partition), cursor.nextOffset());
      from.put(partition, Math.max(start, gone));
      if (gone > start) {
        incomplete = true;
        findings.reason(
            "HistoryLost",
            "Partition "
                + partition
                + ": the log begins at offset "
                + beginnings.get(partition)
                + ", the subscription at "
                + start
                + ", so "
                + (gone - start)
                + " offsets have left the log that it was loaded from"
                + (Losses.isIn(plan, partition, gone) ? ", or that were accepted as lost" : ""));
      }
    }
  }

  /** Judges as many keys as there is memory for. */
  private int round(History history, int segment)
      throws SourceProblem, StoreProblem, Rewound, Cancelled {
    Expected expected = new Expected(budgetBytes, incomplete, segment, Expected.SEGMENTS);
    Map<Integer, Long> read = new HashMap<>();
    history.begin(from);
    history.readTo(
        at(content.cursors()),
        event -> {
          read.merge(event.partition(), 1L, Long::sum);
          fold(event, expected);
        });
    if (!incomplete && isCompacted(read)) {
      incomplete = true;
      return segment;
    }
    compare(history, expected);
    lookForOthers(history, expected);
    findings.reached(history.reached());
    findings.add(expected);
    doubtful(expected);
    return expected.end();
  }

  private static Map<Integer, Long> at(List<Cursor> cursors) {
    Map<Integer, Long> at = new HashMap<>();
    cursors.forEach(cursor -> at.put(cursor.partition(), cursor.nextOffset()));
    return at;
  }

  /** The cursor counts what was read when the rows were written: is it still all there? */
  private boolean isCompacted(Map<Integer, Long> read) {
    boolean compacted = false;
    for (Cursor cursor : content.cursors()) {
      long now = read.getOrDefault(cursor.partition(), 0L);
      if (now < cursor.counts().read()) {
        compacted = true;
        findings.reason(
            "HistoryCompacted",
            "Partition "
                + cursor.partition()
                + ": "
                + cursor.counts().read()
                + " events were read from it, and "
                + now
                + " of them are still in the log");
      }
    }
    return compacted;
  }

  private void fold(ConsumerRecord<byte[], byte[]> event, Expected expected) throws Cancelled {
    findings.event();
    show(expected);
    Outcome outcome = outcome(event);
    switch (outcome) {
      case Outcome.Put put -> put(event, outcome, put.key(), expected);
      case Outcome.Add add -> put(event, outcome, place(event), expected);
      case Outcome.Delete delete ->
          expected.remove(content.key(delete.key()), event.partition(), event.offset());
      case Outcome.Leave leave ->
          expected.remove(content.key(leave.key()), event.partition(), event.offset());
      case Outcome.Pass pass -> {
        // It never had a row.
      }
      case Outcome.Dead dead -> {
        // An earlier version of its key stays what it is.
      }
    }
  }

  /** As it was corrected, if the store has that. */
  private Outcome outcome(ConsumerRecord<byte[], byte[]> event) {
    if (!settled.concern(event.partition(), event.offset())) {
      return transform.uncorrected(event);
    }
    return switch (transform.effect(event, settled.corrections())) {
      case Effect.Of of -> of.outcome();
      case Effect.Discarded discarded -> NOTHING;
    };
  }

  private void put(
      ConsumerRecord<byte[], byte[]> event, Outcome outcome, StoreKey key, Expected expected) {
    KeyDigest digest = content.key(key);
    if (!expected.covers(digest)) {
      return;
    }
    Instant time = Instant.ofEpochMilli(event.timestamp());
    Optional<Instant> expires = content.expires(time);
    if (expires.isPresent() && expires.get().isBefore(clock.instant().minus(EXPIRY_MARGIN))) {
      expected.remove(digest, event.partition(), event.offset());
      return;
    }
    long print = content.content(new Batch.Entry(event.partition(), event.offset(), time, outcome));
    expected.put(digest, print, event.partition(), event.offset());
  }

  /** The key of a row in Append. */
  private static StoreKey place(ConsumerRecord<byte[], byte[]> event) {
    return new StoreKey(event.partition(), event.offset());
  }

  private void compare(History history, Expected expected)
      throws SourceProblem, StoreProblem, Rewound, Cancelled {
    content.begin();
    for (Optional<Content.Portion> portion = content.next();
        portion.isPresent();
        portion = content.next()) {
      history.readTo(portion.get().at(), event -> fold(event, expected));
      portion.get().rows().forEach(row -> expected.found(row.key(), row.content(), row.name()));
      show(expected);
    }
  }

  private void lookForOthers(History history, Expected expected)
      throws SourceProblem, StoreProblem, Rewound, Cancelled {
    Map<Integer, Long> first = expected.firstAwaited();
    if (first.isEmpty()) {
      return;
    }
    List<Sought> sought = new ArrayList<>();
    try (History again = histories.get()) {
      again.begin(first);
      again.readTo(
          history.reached(),
          event -> {
            seek(event, expected).ifPresent(sought::add);
            if (sought.size() >= LOOKED_FOR_AT_ONCE) {
              look(history, sought, expected);
            }
            show(expected);
          });
    }
    look(history, sought, expected);
  }

  private record Sought(KeyDigest digest, StoreKey key, int partition, long offset) {}

  /** Any event names its key; when rows expire, only the last one tells when. */
  private Optional<Sought> seek(ConsumerRecord<byte[], byte[]> event, Expected expected) {
    StoreKey key;
    switch (outcome(event)) {
      case Outcome.Put put -> key = put.key();
      case Outcome.Add add -> key = place(event);
      default -> {
        return Optional.empty();
      }
    }
    KeyDigest digest = content.key(key);
    Optional<Instant> expires = content.expires(Instant.ofEpochMilli(event.timestamp()));
    if (expires.isPresent()
        && (expires.get().isBefore(clock.instant().plus(EXPIRY_MARGIN))
            || !expected.isLast(digest, event.partition(), event.offset()))) {
      return Optional.empty();
    }
    return expected.seek(digest)
        ? Optional.of(new Sought(digest, key, event.partition(), event.offset()))
        : Optional.empty();
  }

  private void look(History history, List<Sought> sought, Expected expected)
      throws SourceProblem, StoreProblem, Rewound, Cancelled {
    if (sought.isEmpty()) {
      return;
    }
    Content.Portion portion = content.look(sought.stream().map(Sought::key).toList());
    history.readTo(portion.at(), event -> fold(event, expected));
    Set<KeyDigest> found = new HashSet<>();
    for (Content.Row row : portion.rows()) {
      found.add(row.key());
      expected.found(row.key(), row.content(), row.name());
    }
    for (Sought each : sought) {
      if (!found.contains(each.digest())) {
        expected.notFound(each.digest(), content.name(each.key()));
      }
    }
    sought.clear();
  }

  private void doubtful(Expected expected) {
    long doubtful = expected.doubtful() + expected.keys(Judgement.UNDECIDED).count();
    findings.undecided(expected.doubtful());
    if (doubtful > 0 && !incomplete) {
      findings.reason(
          "KeyOrderAtRisk",
          doubtful
              + " keys have events in more than one partition, which have no order among them:"
              + " producers partition differently");
    }
  }

  private void show(Expected expected) throws Cancelled {
    long now = System.nanoTime();
    if (now - shownAt > 1_000_000_000) {
      running.check();
      shownAt = now;
      progress.accept(findings.soFar(expected));
    }
  }
}
