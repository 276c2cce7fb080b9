package dev.millrace.provisioner.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.stores.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Where offsets are missing, somebody else says whether that matters. */
class IntakeHolesTest {
  private final List<String> asked = new ArrayList<>();
  private Optional<Trouble> answer = Optional.empty();
  private final Intake intake = intake();

  @Test
  void eachHoleIsAskedForWithTheEventBeforeIt() {
    fill(chunk(0, 4, 0, 3));
    fill(chunk(4, 8, 4, 5));
    fill(chunk(8, 9, 8));

    assertThat(asked).containsExactly("0@1 after 0", "0@6 after 5");
    assertThat(intake.positions()).isEqualTo(Map.of(0, 9L));
  }

  @Test
  void aHoleRightAtTheBeginningHasNothingBeforeIt() {
    fill(chunk(0, 4, 2, 3));

    assertThat(asked).containsExactly("0@0 after none");
  }

  @Test
  void whatStandsBeforeADangerousHoleIsTakenInAndNothingBehindIt() {
    fill(chunk(0, 2, 0, 1));
    answer = Optional.of(Trouble.compacted("t", 0, 3, Duration.ofDays(1)));

    Intake.Level level = fill(chunk(2, 6, 2, 4, 5));

    assertThat(level.stop()).isPresent();
    assertThat(level.stop().get().trouble().code()).isEqualTo("HistoryCompacted");
    assertThat(level.stop().get().partition()).hasValue(0);
    assertThat(level.positions()).isEqualTo(Map.of(0, 3L));
    assertThat(intake.cut().batch().moves())
        .singleElement()
        .satisfies(move -> {
          assertThat(move.to()).isEqualTo(3);
          assertThat(move.delta()).isEqualTo(new Counts(3, 3, 0, 0, 0));
        });
    assertThat(asked).containsExactly("0@3 after 2");
  }

  @Test
  void theEventBeforeIsRememberedFromBatchToBatch() {
    fill(chunk(0, 1, 0));
    intake.cut();

    fill(chunk(1, 4, 3));

    assertThat(asked).containsExactly("0@1 after 0");
  }

  private Intake.Level fill(Chunk chunk) {
    return intake.fill(List.of(chunk), Long.MAX_VALUE / 2, true);
  }

  private Intake intake() {
    PipelinePlan plan = plan();
    return new Intake(
        new CorrectedTransform(
            (partition, offset, key, event) -> new Outcome.Put(new StoreKey(1L), new Object[] {1L}),
            plan),
        () -> Corrections.NONE,
        new OnError(plan.onError()),
        new PresentKeys(0),
        (partition, offset, before) -> {
          String after = before.equals(Instant.EPOCH) ? "none" : before.getEpochSecond() - 1 + "";
          asked.add(partition + "@" + offset + " after " + after);
          return answer;
        },
        List.of(new Cursor(0, 0, Optional.empty(), "c", "id", 1, "", Counts.NONE)),
        new Work(plan, new TreeSet<>(List.of(0))));
  }

  /** The event of each offset is one second younger than that of the offset before. */
  private static Chunk chunk(long from, long to, long... offsets) {
    return new Chunk(
        new TopicPartition("t", 0),
        1,
        from,
        to,
        LongStream.of(offsets).mapToObj(IntakeHolesTest::record).toList());
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    return new ConsumerRecord<>(
        "t",
        0,
        offset,
        (offset + 1) * 1_000,
        TimestampType.CREATE_TIME,
        1,
        1,
        new byte[] {1},
        new byte[] {'1'},
        new RecordHeaders(),
        Optional.of(0));
  }

  private static PipelinePlan plan() {
    ObjectKey key = new ObjectKey("team", "orders");
    return new PipelinePlan(
        key,
        "uid-1",
        1,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            key, "t", "id", "c", 1, JsonNodeFactory.instance.objectNode(), "id", false),
        null,
        List.of(),
        "Upsert",
        new PipelinePlan.Target("Memory", key, "h", 1, "d", "disable", "w", null, null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L),
        Map.of(0, 10L),
        null);
  }
}
