package dev.millrace.provisioner.shell;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.PlanRejected;
import dev.millrace.needs.transform.Transform;
import dev.millrace.needs.transform.Transforms;
import dev.millrace.provisioner.core.Blocked;
import dev.millrace.provisioner.core.Holes;
import dev.millrace.provisioner.core.Intake;
import dev.millrace.provisioner.core.OnError;
import dev.millrace.provisioner.core.PresentKeys;
import dev.millrace.provisioner.core.Trouble;
import dev.millrace.provisioner.core.Work;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.measure.Account;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One grip on a store, and the batch that grows for it. */
final class Session implements AutoCloseable {
  /** What a deletion of nothing takes a store, about. */
  private static final long A_DELETION_NANOS = 50_000;

  private final PipelinePlan plan;
  private final Sink sink;
  private final Intake intake;
  private final CorrectedTransform transform;
  private final Supplier<Corrections> corrections;
  private final List<Cursor> cursors;
  private final Account account;
  private final Ease ease = new Ease();

  /** A batch that took in all it can, and is prepared while the one before is written. */
  private final AtomicReference<@Nullable Outgoing> full = new AtomicReference<>();

  /** The store's keys, for whoever fills next. */
  private final AtomicReference<@Nullable PresentKeys> answer = new AtomicReference<>();

  private final long presenceBytes;

  /** What it took to ask for the store's keys the last time. */
  private volatile long askingNanos;

  private volatile boolean ended;

  private Session(
      PipelinePlan plan,
      long presenceBytes,
      Sink sink,
      Intake intake,
      CorrectedTransform transform,
      Supplier<Corrections> corrections,
      List<Cursor> cursors,
      Account account) {
    this.plan = plan;
    this.presenceBytes = presenceBytes;
    this.sink = sink;
    this.intake = intake;
    this.transform = transform;
    this.corrections = corrections;
    this.cursors = cursors;
    this.account = account;
  }

  /** The plan and its topic are looked at before the store is touched. */
  static Session open(Work work, Equipment equipment, long presenceBytes)
      throws Blocked, SourceProblem, StoreProblem, Fenced {
    CorrectedTransform transform =
        new CorrectedTransform(compiled(work.plan(), equipment), work.plan());
    OnError onError = onError(work.plan());
    equipment.source().verify(work.plan().source());
    equipment.corrections().awaitEnd();
    Supplier<Corrections> corrections = () -> equipment.corrections().of(work.plan());
    Sink sink = Target.of(work.plan(), equipment).sink(equipment.worker());
    try {
      List<Cursor> cursors = sink.take(work.partitions());
      if (!areUnmoved(cursors, work.plan())) {
        // So that what is reported of it no crash of the store takes back.
        sink.flush();
      }
      long forKeys = areKeysAsked(work.plan()) ? presenceBytes : 0;
      long began = System.nanoTime();
      PresentKeys present = presentKeys(forKeys, sink);
      long asking = System.nanoTime() - began;
      Holes holes = Deletions.of(work.plan(), equipment.source(), cursors, Clock.systemUTC());
      Session session =
          new Session(
              work.plan(),
              forKeys,
              sink,
              new Intake(transform, corrections, onError, present, holes, cursors, work),
              transform,
              corrections,
              cursors,
              new Account(reached -> holdsMore(work, equipment, reached), System.nanoTime()));
      session.askingNanos = asking;
      return session;
    } catch (Throwable e) {
      sink.close();
      throw e;
    }
  }

  /** There is nothing to be taken back, and a flush may last a second. */
  private static boolean areUnmoved(List<Cursor> cursors, PipelinePlan plan) {
    return cursors.stream()
        .allMatch(cursor ->
            cursor.counts().equals(Counts.NONE)
                && Long.valueOf(cursor.nextOffset()).equals(plan.start().get(cursor.partition())));
  }

  /** As far as the log's end was seen, and as far as it goes. */
  private static boolean holdsMore(Work work, Equipment equipment, Map<Integer, Long> reached) {
    Map<Integer, Long> ends = work.ends();
    for (Map.Entry<Integer, Long> each : reached.entrySet()) {
      TopicPartition partition = new TopicPartition(work.plan().source().topic(), each.getKey());
      long end = ends.getOrDefault(each.getKey(), Long.MAX_VALUE);
      if (each.getValue() < Math.min(end, equipment.source().end(partition))) {
        return true;
      }
    }
    return false;
  }

  private static Transform compiled(PipelinePlan plan, Equipment equipment) throws Blocked {
    Optional<byte[]> hashKey =
        Optional.ofNullable(plan.hashKey()).flatMap(equipment.credentials()::key);
    if (plan.hashKey() != null && hashKey.isEmpty()) {
      throw new Blocked(
          new Trouble(
              "HashKeyMissing",
              "The worker has no key for the Hash mask under " + plan.hashKey(),
              "Give the worker the same keys as the controller; it looks again by itself.",
              Trouble.Again.LATER));
    }
    try {
      return Transforms.compile(plan, hashKey);
    } catch (PlanRejected e) {
      throw rejected(e);
    }
  }

  private static OnError onError(PipelinePlan plan) throws Blocked {
    try {
      return new OnError(plan.onError());
    } catch (IllegalArgumentException e) {
      throw rejected(e);
    }
  }

  private static Blocked rejected(Exception e) {
    return new Blocked(
        new Trouble(
            "PlanRejected",
            "This worker cannot run the plan: " + e.getMessage(),
            "Bring the workers to the controller's version, or change the subscription.",
            Trouble.Again.WHEN_CHANGED));
  }

  /** Only rows that leave a filter ask for them. */
  private static boolean areKeysAsked(PipelinePlan plan) {
    return plan.filter() != null && plan.mode().equals("Upsert") && !plan.source().insertOnly();
  }

  private static PresentKeys presentKeys(long presenceBytes, Sink sink) throws StoreProblem {
    PresentKeys present = new PresentKeys(presenceBytes);
    if (present.most() > 0 && !sink.presentKeys(present.most(), present::add)) {
      present.giveUp();
    }
    return present;
  }

  PipelinePlan plan() {
    return plan;
  }

  Sink sink() {
    return sink;
  }

  Intake intake() {
    return intake;
  }

  /** What the batch is filled with; for one thread at a time, as the intake is. */
  CorrectedTransform transform() {
    return transform;
  }

  /** As they are known now. */
  Supplier<Corrections> corrections() {
    return corrections;
  }

  /** Where the store stood when it was taken. */
  List<Cursor> cursors() {
    return cursors;
  }

  /** Of the core's thread. */
  Account account() {
    return account;
  }

  /** What taking in costs. */
  Ease ease() {
    return ease;
  }

  boolean isEnded() {
    return ended;
  }

  /** By whoever fills: nothing comes to this batch any more. */
  long prepareFull() {
    Outgoing batch = new Outgoing(intake.cut());
    long nanos = batch.prepare(sink);
    full.set(batch);
    return nanos;
  }

  /** What was taken in; the next batch begins. Nobody fills meanwhile. */
  Outgoing cut() {
    Outgoing prepared = full.getAndSet(null);
    return prepared == null ? new Outgoing(intake.cut()) : prepared;
  }

  /**
   * Before {@link #cut}: whether the store is to be asked for its keys when it has that batch. They
   * are taken for unknown from now on.
   */
  boolean asksForKeys() {
    return intake.isWorn(askingNanos / A_DELETION_NANOS) && intake.asksForKeys();
  }

  /** By whoever wrote, before another does. */
  void askForKeys() throws StoreProblem {
    long began = System.nanoTime();
    answer.set(presentKeys(presenceBytes, sink));
    askingNanos = System.nanoTime() - began;
  }

  /** By whoever fills, before that. */
  void takeAnswer() {
    PresentKeys keys = answer.getAndSet(null);
    if (keys != null) {
      intake.present(keys);
    }
  }

  /** From any thread, a write that hangs too: the connection ends, and the write with it. */
  @Override
  public void close() {
    ended = true;
    sink.close();
  }
}
