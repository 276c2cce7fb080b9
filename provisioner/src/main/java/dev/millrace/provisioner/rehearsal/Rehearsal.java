package dev.millrace.provisioner.rehearsal;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.PlanRejected;
import dev.millrace.needs.transform.Transforms;
import dev.millrace.provisioner.core.Chunk;
import dev.millrace.provisioner.core.Holes;
import dev.millrace.provisioner.core.Intake;
import dev.millrace.provisioner.core.OnError;
import dev.millrace.provisioner.core.PresentKeys;
import dev.millrace.provisioner.core.Work;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.BufferSupplier;
import org.jboss.logging.Logger;

/**
 * The way of an event from the consumer's buffer to a store's, gone often enough to be compiled
 * when the first pipeline comes: a history is loaded in seconds, of which the compiler would take
 * half. The same code, with events of its own and no store.
 */
public final class Rehearsal {
  private static final Logger LOG = Logger.getLogger(Rehearsal.class);
  private static final long ROOM = 64L << 20;

  /** A batch is full by bytes or by entries. */
  private static final long LITTLE_ROOM = 4L << 20;

  /** After so many rounds they take as long as ever after. */
  private static final int ENOUGH = 12;

  /** More than a call that the compiler bets on. */
  private static final List<Supplier<Corrections>> CORRECTIONS =
      List.of(() -> Corrections.NONE, () -> Corrections.NONE, () -> Corrections.NONE);

  private static final int CHUNKS = 3;

  private static final TopicPartition PARTITION = new TopicPartition("rehearsal", 0);

  private final RehearsedEvents events = new RehearsedEvents();
  private final BufferSupplier buffers = BufferSupplier.create();
  private final List<Part> parts = new ArrayList<>();

  /** One plan's way; from the intake on it is another each time. */
  record Part(PipelinePlan plan, CorrectedTransform transform, Consumer<Batch> store) {
    static Part of(PipelinePlan plan, Engines engines) throws PlanRejected {
      return new Part(
          plan,
          new CorrectedTransform(Transforms.compile(plan, Optional.empty()), plan),
          engines.driver(plan.target().engine()).orElseThrow().rehearsal(plan));
    }

    /** Batch after batch goes to the store, as each is full. */
    void go(List<ConsumerRecord<byte[], byte[]>> records, int round) {
      Intake intake =
          new Intake(
              transform,
              CORRECTIONS.get(round % CORRECTIONS.size()),
              new OnError(plan.onError()),
              new PresentKeys(plan.filter() == null ? 0 : ROOM),
              Holes.HARMLESS,
              List.of(new Cursor(0, 0, Optional.empty(), "", "", 1, "", Counts.NONE)),
              new Work(plan, new TreeSet<>(List.of(0))));
      List<Chunk> chunks = chunks(records);
      boolean more = true;
      while (more) {
        more = intake.fill(chunks, round % 2 == 0 ? ROOM : LITTLE_ROOM, true).full();
        store.accept(intake.cut().batch());
      }
    }

    private static List<Chunk> chunks(List<ConsumerRecord<byte[], byte[]>> records) {
      List<Chunk> chunks = new ArrayList<>();
      int size = records.size() / CHUNKS + 1;
      for (int from = 0; from < records.size(); from += size) {
        int to = Math.min(from + size, records.size());
        // Lists of the class that lanes make.
        chunks.add(new Chunk(PARTITION, 0, from, to, records.subList(from, to).stream().toList()));
      }
      return chunks;
    }
  }

  private Rehearsal(Engines engines) throws PlanRejected {
    for (String engine : engines.names()) {
      for (RehearsedEvents.Way way : RehearsedEvents.ways(engine)) {
        parts.add(Part.of(RehearsedEvents.plan(way), engines));
      }
    }
  }

  /**
   * Returns when that is enough, or when it is not wanted any more.
   *
   * @param wanted asked several times a second
   * @return how often all ways were gone
   */
  public static int run(Engines engines, BooleanSupplier wanted) {
    long begun = System.nanoTime();
    int rounds = 0;
    try {
      Rehearsal rehearsal = new Rehearsal(engines);
      while (rounds < ENOUGH && rehearsal.round(rounds, wanted)) {
        rounds++;
      }
      LOG.infof("rehearsed rounds=%d seconds=%.1f", rounds, (System.nanoTime() - begun) / 1e9);
    } catch (PlanRejected | RuntimeException e) {
      LOG.warnf(e, "not rehearsed: the first pipeline loads slower");
    }
    return rounds;
  }

  /** Each way by a thread of its own, as they come and go in a worker too. */
  private boolean round(int round, BooleanSupplier wanted) {
    for (Part part : parts) {
      if (!wanted.getAsBoolean()) {
        return false;
      }
      List<ConsumerRecord<byte[], byte[]>> records =
          events.read(part.plan().source().key(), buffers);
      CompletableFuture.runAsync(() -> part.go(records, round), Thread::startVirtualThread).join();
    }
    return true;
  }
}
