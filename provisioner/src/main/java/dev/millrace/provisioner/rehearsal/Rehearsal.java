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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
  private static final String FILTER = "event.status != 'returned' && event.total >= 1000.0";
  private static final long ROOM = 64L << 20;

  /** After so many rounds they take as long as ever after; measured in RATIONALE.md. */
  private static final int ENOUGH = 24;

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

    Batch batch(List<ConsumerRecord<byte[], byte[]>> records) {
      Intake intake =
          new Intake(
              transform,
              () -> Corrections.NONE,
              new OnError(plan.onError()),
              new PresentKeys(ROOM),
              Holes.HARMLESS,
              List.of(new Cursor(0, 0, Optional.empty(), "", "", 1, "", Counts.NONE)),
              new Work(plan, new TreeSet<>(List.of(0))));
      intake.fill(List.of(new Chunk(PARTITION, 0, 0, records.size(), records)), ROOM, true);
      return intake.cut().batch();
    }
  }

  private Rehearsal(Engines engines) throws PlanRejected {
    for (String engine : engines.names()) {
      parts.add(Part.of(RehearsedEvents.plan(engine, null), engines));
      parts.add(Part.of(RehearsedEvents.plan(engine, FILTER), engines));
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
      while (rounds < ENOUGH && rehearsal.round(wanted)) {
        rounds++;
      }
      LOG.infof("rehearsed rounds=%d seconds=%.1f", rounds, (System.nanoTime() - begun) / 1e9);
    } catch (PlanRejected | RuntimeException e) {
      LOG.warnf(e, "not rehearsed: the first pipeline loads slower");
    }
    return rounds;
  }

  private boolean round(BooleanSupplier wanted) {
    for (Part part : parts) {
      if (!wanted.getAsBoolean()) {
        return false;
      }
      part.store().accept(part.batch(events.read(buffers)));
    }
    return true;
  }
}
