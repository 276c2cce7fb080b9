package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.PartitionReport;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

class PostgresEngineTest extends EngineContract {
  PostgresEngineTest() {
    super(new PostgresServer());
  }

  @Test
  void appendKeepsEveryEventWithItsPositionTombstonesToo() throws Exception {
    pool.startWorker();
    EventLog log = new EventLog(cluster.producer(), topic, PARTITIONS);
    log.put(1, "a", 1);
    log.put(1, "b", 2);
    log.delete(1);
    log.put(2, "c", 3);
    log.flush();

    PipelinePlan plan = pool.run(test.append().plan());

    Eventually.holds(() -> assertThat(server.read(plan)).isEqualTo(4));
    assertThat(sum(cursors(plan))).isEqualTo(new Counts(4, 4, 0, 0, 0));
    assertThat(
            ((PostgresServer) server)
                .select(
                    "SELECT _partition, _offset, _deleted, id, name, total FROM public."
                        + plan.target().table().name()))
        .containsExactlyInAnyOrder(
            Arrays.asList(1, 0L, false, 1L, "a", 1),
            Arrays.asList(1, 1L, false, 1L, "b", 2),
            Arrays.asList(1, 2L, true, 1L, null, null),
            Arrays.asList(2, 0L, false, 2L, "c", 3));
  }

  /** Seen by the source alone, so one engine is enough. */
  @Test
  void anotherTopicOfTheSameNameStopsThePipelineByName() throws Exception {
    pool.startWorker();
    events.publish(1000);
    PipelinePlan plan = pool.run(filtered());
    assertFolded(plan);

    cluster.deleteTopic(topic);
    Eventually.holds(() ->
        assertThat(reports()).extracting(PartitionReport::reason).containsOnly("TopicMissing"));
    cluster.createTopic(topic, PARTITIONS, Map.of());
    try (KafkaProducer<byte[], byte[]> producer = cluster.newProducer()) {
      new RandomEvents(producer, topic, PARTITIONS, 3000, 12).publish(5000);
    }

    Eventually.holds(() -> assertStopped("SourceRecreated"));
    assertThat(server.rows(plan)).isEqualTo(events.rows());
    assertThat(sum(cursors(plan))).isEqualTo(events.counts());
  }
}
