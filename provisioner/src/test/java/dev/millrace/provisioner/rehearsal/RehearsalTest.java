package dev.millrace.provisioner.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.PlanRejected;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Engines;
import dev.millrace.stores.postgres.PostgresDriver;
import dev.millrace.stores.redis.RedisDriver;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final Engines ENGINES =
      new Engines(List.of(new PostgresDriver(), new RedisDriver()));

  @Test
  void itGoesTheWayOfEveryEngine() {
    AtomicInteger asked = new AtomicInteger();

    assertThat(Rehearsal.run(ENGINES, () -> asked.incrementAndGet() <= 8)).isEqualTo(2);
  }

  @Test
  void itEndsWhenThereIsSomethingToDo() {
    assertThat(Rehearsal.run(ENGINES, () -> false)).isZero();
  }

  /** Were they dead, another way would be rehearsed. */
  @Test
  void itsEventsAreWrittenOrLeaveTheFilter() throws PlanRejected {
    var records = new RehearsedEvents().read(BufferSupplier.create());

    assertThat(outcomes(RehearsedEvents.plan("Postgres", null), records))
        .containsOnly(entry("Put", records.size()));
    assertThat(outcomes(RehearsedEvents.plan("Redis", "event.status == 'sent'"), records))
        .containsOnlyKeys("Put");
  }

  private static Map<String, Integer> outcomes(
      PipelinePlan plan, List<ConsumerRecord<byte[], byte[]>> records) throws PlanRejected {
    Map<String, Integer> outcomes = new TreeMap<>();
    for (Batch.Entry entry : Rehearsal.Part.of(plan, ENGINES).batch(records).entries()) {
      outcomes.merge(entry.outcome().getClass().getSimpleName(), 1, Integer::sum);
    }
    return outcomes;
  }
}
