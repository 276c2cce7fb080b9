package dev.millrace.provisioner.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.PlanRejected;
import dev.millrace.needs.transform.Transforms;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.stores.Engines;
import dev.millrace.stores.postgres.PostgresDriver;
import dev.millrace.stores.redis.RedisDriver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    assertThat(Rehearsal.run(ENGINES, () -> asked.incrementAndGet() <= 14)).isEqualTo(2);
  }

  @Test
  void itEndsWhenThereIsSomethingToDo() {
    assertThat(Rehearsal.run(ENGINES, () -> false)).isZero();
  }

  /** Were they dead, another way would be rehearsed. */
  @Test
  void itsEventsAreWrittenOrLeaveTheFilterOrAreDeletions() throws PlanRejected {
    for (String engine : ENGINES.names()) {
      for (RehearsedEvents.Way way : RehearsedEvents.ways(engine)) {
        var records = new RehearsedEvents().read(way.key(), BufferSupplier.create());

        Map<String, Integer> outcomes = outcomes(RehearsedEvents.plan(way), records);

        assertThat(outcomes).as("%s", way).doesNotContainKey("Dead");
        assertThat(outcomes.getOrDefault("Put", 0) + outcomes.getOrDefault("Add", 0))
            .as("%s", way)
            .isGreaterThan(records.size() / 4);
      }
    }
  }

  private static Map<String, Integer> outcomes(
      PipelinePlan plan, List<ConsumerRecord<byte[], byte[]>> records) throws PlanRejected {
    Map<String, Integer> outcomes = new TreeMap<>();
    Rehearsal.Part part =
        new Rehearsal.Part(
            plan,
            new CorrectedTransform(Transforms.compile(plan, Optional.empty()), plan),
            batch ->
                batch
                    .entries()
                    .forEach(entry ->
                        outcomes.merge(
                            entry.outcome().getClass().getSimpleName(), 1, Integer::sum)));
    part.go(records, 0);
    return outcomes;
  }
}
