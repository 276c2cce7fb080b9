package dev.millrace.provisioner.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.Selection;
import dev.millrace.needs.transform.SharedEvents;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.needs.transform.Transform;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is passed over at once comes to the same as one by one: batches, cursors, counts, what is
 * asked of holes, and where it stops. {@code -Dmillrace.logs=… -Dmillrace.seed=…} for more, or
 * again.
 */
class IntakeSelectionTest {
  private static final int LOGS = Integer.getInteger("millrace.logs", 2_000);
  private static final int FILTERED_BELOW = 80;
  private static final int ROOM = 2_000;

  @Test
  void whatIsPassedOverAtOnceComesToTheSameAsOneByOne() {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    System.out.println("IntakeSelectionTest: -Dmillrace.seed=" + seed);
    Random random = new Random(seed);
    int passed = 0;
    int stopped = 0;
    for (int i = 0; i < LOGS; i++) {
      boolean insertOnly = random.nextBoolean();
      PipelinePlan plan = plan(random, insertOnly);
      List<Chunk> log = log(random);
      long danger = random.nextInt(4) == 0 ? random.nextInt(300) : Long.MAX_VALUE;
      Reader oneByOne = new Reader(plan, new Thresholds(insertOnly, false), danger);
      Reader atOnce = new Reader(plan, new Thresholds(insertOnly, true), danger);
      List<Object> expected = oneByOne.read(log);
      assertThat(atOnce.read(log)).as("seed " + seed + ", log " + i).isEqualTo(expected);
      passed += oneByOne.transform.applied - atOnce.transform.applied;
      stopped += oneByOne.hasStopped() ? 1 : 0;
    }
    assertThat(passed).isGreaterThan(50 * LOGS);
    assertThat(stopped).isBetween(LOGS / 20, LOGS / 2);
  }

  @Test
  void aDeletionOfWhatWasNeverThereIsAppliedWithoutAnEntry() {
    PipelinePlan plan = plan(new Random(0), false).heldAt(null);
    Reader reader = new Reader(plan, new Thresholds(false, true), Long.MAX_VALUE);
    byte row = FILTERED_BELOW + 1;
    Chunk chunk =
        chunk(
            List.of(
                record(2, 7, new byte[] {row}, Optional.empty()),
                record(3, 8, null, Optional.empty()),
                record(4, 7, null, Optional.empty()),
                record(5, 7, new byte[] {1}, Optional.empty())));

    reader.intake.fill(List.of(chunk), ROOM, true);

    Batch batch = reader.intake.cut().batch();
    assertThat(batch.entries()).extracting(Batch.Entry::offset).containsExactly(2L, 4L, 5L);
    assertThat(batch.moves())
        .singleElement()
        .satisfies(move -> assertThat(move.delta()).isEqualTo(new Counts(4, 3, 1, 0, 0)));
  }

  private static Chunk chunk(List<ConsumerRecord<byte[], byte[]>> records) {
    long from = records.get(0).offset();
    return new Chunk(new TopicPartition("t", 0), 1, from, from + records.size(), records);
  }

  /** An event's value says whether it is filtered, dead, or a row. */
  private static final class Thresholds implements Transform {
    private final boolean insertOnly;
    private final boolean selects;
    int applied;

    Thresholds(boolean insertOnly, boolean selects) {
      this.insertOnly = insertOnly;
      this.selects = selects;
    }

    @Override
    public Outcome apply(
        int partition, long offset, byte @Nullable [] key, @Nullable RawEvent event) {
      applied++;
      StoreKey of = new StoreKey((long) key[0]);
      if (event == null) {
        return new Outcome.Delete(of);
      }
      int value = event.bytes()[0];
      if (value < FILTERED_BELOW) {
        return insertOnly ? new Outcome.Pass() : new Outcome.Leave(of);
      }
      return value == FILTERED_BELOW
          ? new Outcome.Dead("NotJson", "", "", "")
          : new Outcome.Put(of, new Object[] {value});
    }

    @Override
    public Selection among(SharedEvents events) {
      if (!selects) {
        return Selection.ALL;
      }
      BitSet asked = new BitSet();
      long[] keys = new long[events.size()];
      for (int i = 0; i < events.size(); i++) {
        RawEvent event = events.get(i);
        keys[i] = new StoreKey((long) events.key(i)[0]).digest();
        asked.set(i, event == null || event.bytes()[0] >= FILTERED_BELOW || keys[i] % 7 == 0);
      }
      return insertOnly ? Selection.passing(asked) : Selection.leaving(asked, keys);
    }
  }

  /** Takes in as a pipeline does, and remembers all that can be seen of it. */
  private static final class Reader {
    private final List<Object> seen = new ArrayList<>();
    private final Thresholds transform;
    private final Intake intake;
    private boolean stopped;

    Reader(PipelinePlan plan, Thresholds transform, long danger) {
      this.transform = transform;
      this.intake =
          new Intake(
              new CorrectedTransform(transform, plan),
              () -> Corrections.NONE,
              new OnError(plan.onError()),
              new PresentKeys(1 << 20),
              (partition, offset, before) -> {
                seen.add("hole at " + offset + " after " + before);
                return offset < danger
                    ? Optional.empty()
                    : Optional.of(Trouble.compacted("t", 0, offset, Duration.ofDays(1)));
              },
              List.of(new Cursor(0, 2, Optional.of(3), "c", "id", 1, "", Counts.NONE)),
              new Work(plan, new TreeSet<>(List.of(0))));
    }

    /** Each chunk until it is taken in, or nothing more is. */
    List<Object> read(List<Chunk> log) {
      for (Chunk chunk : log) {
        long before = -1;
        while (!stopped && intake.positions().get(0) > before) {
          before = intake.positions().get(0);
          Intake.Level level = intake.fill(List.of(chunk), ROOM, true);
          stopped = level.stop().isPresent();
          seen.add(List.of(level.bytes(), level.moved(), level.full(), level.positions(), stopped));
          seen.add(written(intake.cut()));
        }
      }
      return seen;
    }

    /** Who stops elsewhere than at the end of what was read. */
    boolean hasStopped() {
      return stopped;
    }

    private static List<Object> written(Intake.Filled filled) {
      List<Object> all = new ArrayList<>(filled.moved());
      for (Batch.Entry entry : filled.batch().entries()) {
        all.add(entry.offset() + " " + entry.time() + " " + entry.outcome().getClass());
      }
      return all;
    }
  }

  /** From offset 0 on, with holes here and there, and now and then a leader epoch unknown. */
  private static List<Chunk> log(Random random) {
    List<Chunk> chunks = new ArrayList<>();
    long next = 0;
    boolean holes = random.nextBoolean();
    for (int i = 0; i < 5; i++) {
      long from = next;
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      int count = random.nextInt(80);
      for (int k = 0; k < count; k++) {
        next += holes && random.nextInt(12) == 0 ? 1 + random.nextInt(3) : 0;
        records.add(record(random, next++));
      }
      next += random.nextInt(4) == 0 ? 2 : 0;
      chunks.add(new Chunk(new TopicPartition("t", 0), 1, from, next, records));
    }
    return chunks;
  }

  private static ConsumerRecord<byte[], byte[]> record(Random random, long offset) {
    byte[] value = {
      (byte)
          switch (random.nextInt(12)) {
            case 0 -> random.nextInt(8) == 0 ? FILTERED_BELOW : 1;
            case 1 -> FILTERED_BELOW + 1 + random.nextInt(9);
            default -> random.nextInt(FILTERED_BELOW);
          }
    };
    return record(
        offset,
        random.nextInt(100),
        random.nextInt(40) == 0 ? null : value,
        random.nextInt(5) == 0 ? Optional.empty() : Optional.of((int) offset / 40));
  }

  private static ConsumerRecord<byte[], byte[]> record(
      long offset, int key, byte @Nullable [] value, Optional<Integer> leaderEpoch) {
    return new ConsumerRecord<>(
        "t",
        0,
        offset,
        1_000 + offset / 3,
        TimestampType.CREATE_TIME,
        1,
        1,
        new byte[] {(byte) key},
        value,
        new RecordHeaders(),
        leaderEpoch);
  }

  private static PipelinePlan plan(Random random, boolean insertOnly) {
    ObjectKey key = new ObjectKey("team", "orders");
    return new PipelinePlan(
            key,
            "uid-1",
            1,
            List.of(),
            "Running",
            new PipelinePlan.Source(
                key, "t", "id", "c", 1, JsonNodeFactory.instance.objectNode(), "id", insertOnly),
            "value >= 80",
            List.of(),
            "Upsert",
            new PipelinePlan.Target("Memory", key, "h", 1, "d", "disable", "w", null, null),
            new PipelinePlan.ErrorPolicy(
                List.of("DeadLetter", "DeadLetter", "DeadLetter", "Skip", "Halt")
                    .get(random.nextInt(5)),
                null,
                null),
            Map.of(0, 2L),
            Map.of(0, 10L),
            null)
        .heldAt(random.nextInt(3) == 0 ? Map.of(0, (long) random.nextInt(300)) : null);
  }
}
