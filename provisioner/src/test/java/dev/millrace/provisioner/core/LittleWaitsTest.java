package dev.millrace.provisioner.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.provisioner.source.TopicSeen;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One pipeline that loads and then is live, and its events one after the other. */
class LittleWaitsTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final ObjectKey KEY = new ObjectKey("t", "s");
  private static final long MILLIS = 1_000_000;
  private static final long CUTOVER = 5;

  private final Deque<Ticket> opened = new ArrayDeque<>();
  private final Deque<Ticket> filled = new ArrayDeque<>();
  private final Deque<Ticket> written = new ArrayDeque<>();
  private long seek;
  private long now = 1_000 * MILLIS;
  private long position;
  private long wrote;
  private int writes;
  private Core core;

  @BeforeEach
  void begin() {
    core = new Core(new Limits(1 << 20, 1 << 20, 1 << 20, 0, 1, 1), orders(), () -> 0.5, 0);
    core.time(now);
    core.corrections(Map.of());
    core.plans(Map.of(KEY, plan(KEY)));
    core.topics(Map.of("t", new TopicSeen("id", 1)));
    core.owned(Set.of(PARTITION));
    core.turn();
    Ticket ticket = opened.remove();
    Cursor cursor = new Cursor(0, 0, Optional.empty(), "cluster", "id", 1, "w", Counts.NONE);
    assertThat(core.opened(ticket, List.of(cursor))).isTrue();
    core.turn();
  }

  private void load() {
    while (position < CUTOVER) {
      event(0);
    }
    writes = 0;
  }

  @Test
  void fewRowsOfAHistoryWaitUntilItIsIn() {
    event(300);
    assertThat(wrote).as("nothing was written before").isEqualTo(1);
    event(300);
    event(300);
    event(300);
    assertThat(wrote).isEqualTo(1);

    event(0);

    assertThat(wrote).isEqualTo(CUTOVER);
    assertThat(writes).isEqualTo(2);
  }

  @Test
  void theyDoNotWaitForLong() {
    event(300);
    event(300);

    pass(900);
    assertThat(wrote).isEqualTo(1);
    pass(200);

    assertThat(wrote).isEqualTo(2);
  }

  @Test
  void manyRowsOfAHistoryAreWrittenAtOnce() {
    event(300);

    event(100_000);

    assertThat(wrote).isEqualTo(2);
  }

  @Test
  void eventsThatLeaveNothingMoveTheCursorFiveTimesASecond() {
    load();

    for (int i = 0; i < 1_000; i++) {
      event(0);
      pass(1);
    }

    assertThat(writes).isBetween(4, 6);
  }

  @Test
  void theLastOfThemIsWrittenThoughNothingComesBehindIt() {
    load();
    event(0);
    event(0);
    assertThat(wrote).isLessThan(position);

    for (int i = 0; i < 5; i++) {
      pass(50);
    }

    assertThat(wrote).isEqualTo(position);
  }

  @Test
  void oneThatLeavesARowIsWrittenAtOnce() {
    load();
    event(0);
    event(300);

    assertThat(wrote).isEqualTo(position);
  }

  @Test
  void afterARestOneThatLeavesNothingIsToo() {
    load();
    pass(250);

    event(0);

    assertThat(wrote).isEqualTo(position);
  }

  /** Time passes, and the shell says so. */
  private void pass(long millis) {
    now += millis * MILLIS;
    core.time(now);
    core.tick();
    settle();
  }

  /**
   * @param bytes that it adds to the batch
   */
  private void event(long bytes) {
    var record = new ConsumerRecord<byte[], byte[]>("t", 0, position, new byte[1], new byte[1]);
    core.arrived(List.of(new Chunk(PARTITION, seek, position, position + 1, List.of(record))));
    position++;
    core.turn();
    Ticket ticket = filled.remove();
    core.filled(
        ticket, new Intake.Level(bytes, true, false, Map.of(0, position), Optional.empty()));
    settle();
  }

  private void settle() {
    core.turn();
    while (!written.isEmpty()) {
      Batch.Move move =
          new Batch.Move(
              0,
              wrote,
              position,
              Optional.empty(),
              new Counts(position - wrote, 0, position - wrote, 0, 0));
      wrote = position;
      writes++;
      core.wrote(
          written.remove(), List.of(new Stretch.Done(move, position - 1, java.time.Instant.EPOCH)));
      core.turn();
    }
  }

  private Orders orders() {
    return (Orders)
        Proxy.newProxyInstance(
            Orders.class.getClassLoader(),
            new Class<?>[] {Orders.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "open" -> opened.add((Ticket) arguments[0]);
                case "fill" -> filled.add((Ticket) arguments[0]);
                case "write" -> written.add((Ticket) arguments[0]);
                case "flush" -> core.flushed((Ticket) arguments[0]);
                case "read" -> {
                  Reading.Spot spot = ((Reading) arguments[1]).spots().get(PARTITION);
                  seek = spot == null ? seek : spot.seek();
                }
                default -> {
                  // Nothing hangs on it here.
                }
              }
              return null;
            });
  }

  static PipelinePlan plan(ObjectKey key) {
    return new PipelinePlan(
        key,
        "uid",
        1,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            key, "t", "id", "cluster", 1, JsonNodeFactory.instance.objectNode(), "id", true),
        "event.id == 1",
        List.of(),
        "Upsert",
        new PipelinePlan.Target(
            "Postgres",
            key,
            "localhost",
            1,
            "d",
            "disable",
            "w",
            new PipelinePlan.Table("public", "s", List.of()),
            null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L),
        Map.of(0, CUTOVER),
        null);
  }
}
