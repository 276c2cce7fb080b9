package dev.millrace.provisioner.pipeline;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.PlanRejected;
import dev.millrace.needs.transform.Transform;
import dev.millrace.needs.transform.Transforms;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * One grip on a store, from taking the cursors over until something goes wrong or the work changes.
 * Whatever it did not write is read again by the next one, from where the store says it stands.
 */
final class Session implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Session.class);
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Work work;
  private final Equipment equipment;
  private final Standings standings;
  private final Retry retry;
  private final Sink sink;
  private final LogReader reader;
  private long flushedAt = System.nanoTime();

  private Session(
      Work work,
      Equipment equipment,
      Standings standings,
      Retry retry,
      Sink sink,
      LogReader reader) {
    this.work = work;
    this.equipment = equipment;
    this.standings = standings;
    this.retry = retry;
    this.sink = sink;
    this.reader = reader;
  }

  /** The plan and its topic are looked at before the store is touched. */
  static Session open(Work work, Equipment equipment, Standings standings, Retry retry)
      throws Blocked, SourceProblem, StoreProblem {
    Transform transform = compiled(work.plan(), equipment);
    OnError onError = onError(work.plan());
    equipment.source().verify(work.plan().source());
    Target target = Target.of(work.plan(), equipment);
    Sink sink = target.sink(equipment.worker());
    try {
      List<Cursor> cursors = taken(work, sink);
      standings.taken(cursors);
      Intake intake =
          new Intake(
              transform,
              onError,
              presentKeys(work.plan(), equipment, sink),
              equipment.batchBytes(),
              cursors);
      LogReader reader =
          new LogReader(equipment.clients(), equipment.source(), work.plan(), cursors, intake);
      reader.start();
      return new Session(work, equipment, standings, retry, sink, reader);
    } catch (Throwable e) {
      sink.close();
      throw e;
    }
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

  /** Flushed, so that what is reported of it no crash of the store takes back. */
  private static List<Cursor> taken(Work work, Sink sink) throws StoreProblem {
    List<Cursor> cursors = sink.take(work.partitions());
    sink.flush();
    LOG.infof(
        "taken subscription=%s store=%s topic=%s partitions=%s",
        work.plan().subscription(),
        work.plan().target().store(),
        work.plan().source().topic(),
        work.partitions());
    return cursors;
  }

  /** Only rows that leave a filter ask for them. */
  private static PresentKeys presentKeys(PipelinePlan plan, Equipment equipment, Sink sink)
      throws StoreProblem {
    boolean asked =
        plan.filter() != null && plan.mode().equals("Upsert") && !plan.source().insertOnly();
    PresentKeys present = new PresentKeys(asked ? equipment.presenceBytes() : 0);
    if (asked && !sink.presentKeys(present::add)) {
      present.giveUp();
    }
    return present;
  }

  /** Returns when the work is not wanted any more. */
  void run(BooleanSupplier wanted)
      throws Blocked, SourceProblem, StoreProblem, Fenced, InterruptedException {
    show();
    while (wanted.getAsBoolean()) {
      Intake.Filled filled = reader.next(PATIENCE);
      if (filled != null) {
        write(filled);
      }
      flushWhenDue();
    }
  }

  private void write(Intake.Filled filled) throws Fenced, StoreProblem {
    sink.write(filled.batch());
    standings.wrote(filled.moved());
    retry.succeeded();
    if (!standings.hasCrossed()) {
      show();
    }
  }

  private void flushWhenDue() throws StoreProblem {
    Duration since = Duration.ofNanos(System.nanoTime() - flushedAt);
    if (FlushPace.isDue(
        standings.hasUnflushed(), standings.hasCrossed(), standings.isLive(), since)) {
      sink.flush();
      flushedAt = System.nanoTime();
      standings.flushed();
      show();
    }
  }

  private void show() {
    equipment.board().show(work.plan(), standings.all());
  }

  /** From another thread, when a write hangs: the connection ends, and the write with it. */
  void abort() {
    sink.close();
  }

  @Override
  public void close() {
    reader.close();
    sink.close();
  }
}
