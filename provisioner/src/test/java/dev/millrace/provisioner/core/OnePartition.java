package dev.millrace.provisioner.core;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.provisioner.source.TopicSeen;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A core with pipelines on one partition, and what it ordered; whoever tests it does the work. */
final class OnePartition {
  static final long CUTOVER = 5;
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final long MILLIS = 1_000_000;

  final Core core;

  /** Whose orders to fill are not done, with the first offset of each. */
  final Map<Ticket, Long> filling = new LinkedHashMap<>();

  /** Whose orders to write are not done. */
  final Deque<Ticket> writing = new ArrayDeque<>();

  /** Whose orders to flush are not done. */
  final Deque<Ticket> flushing = new ArrayDeque<>();

  /** All that the partition was ever to be read by. */
  final Set<Long> seeks = new HashSet<>();

  /** Where the log ends. */
  long position;

  /** Where each stands in its store. */
  private final Map<Ticket, Long> wrote = new HashMap<>();

  private final Deque<Ticket> opening = new ArrayDeque<>();
  private long now = 1_000 * MILLIS;

  /** All of them hold their stores, and wait for the first event. */
  OnePartition(Limits limits, String... pipelines) {
    core = new Core(limits, orders(), () -> 0.5, 0);
    core.time(now);
    core.corrections(Map.of());
    Map<ObjectKey, PipelinePlan> plans = new LinkedHashMap<>();
    for (String name : pipelines) {
      ObjectKey key = new ObjectKey("t", name);
      plans.put(key, plan(key));
    }
    core.plans(plans);
    core.topics(Map.of("t", new TopicSeen("id", 1)));
    core.owned(Set.of(PARTITION));
    core.turn();
    Cursor cursor = new Cursor(0, 0, Optional.empty(), "cluster", "id", 1, "w", Counts.NONE);
    while (!opening.isEmpty()) {
      core.opened(opening.remove(), List.of(cursor));
    }
    core.turn();
  }

  /** Time passes, and the shell says so. */
  void pass(long millis) {
    now += millis * MILLIS;
    core.time(now);
    core.tick();
    core.turn();
  }

  /** An event comes. */
  void arrives() {
    var record = new ConsumerRecord<byte[], byte[]>("t", 0, position, new byte[1], new byte[1]);
    long seek = seeks.iterator().next();
    core.arrived(List.of(new Chunk(PARTITION, seek, position, position + 1, List.of(record))));
    position++;
    core.turn();
  }

  /**
   * One event was taken in by whoever was asked first.
   *
   * @param bytes that it adds to the batch
   * @param moved whether there is a cursor to be written
   * @return which event
   */
  long fills(long bytes, boolean moved) {
    Map.Entry<Ticket, Long> next = filling.entrySet().iterator().next();
    long which = next.getValue();
    filling.remove(next.getKey());
    core.filled(
        next.getKey(),
        new Intake.Level(bytes, moved, false, Map.of(0, which + 1), Optional.empty()));
    core.turn();
    return which;
  }

  /** All that came until now is in the store of whoever was asked first. */
  void writes() {
    Ticket ticket = writing.remove();
    long from = wrote(ticket);
    wrote.put(ticket, position);
    Batch.Move move =
        new Batch.Move(
            0,
            from,
            position,
            Optional.empty(),
            new Counts(position - from, 0, position - from, 0, 0));
    core.wrote(ticket, List.of(new Stretch.Done(move, position - 1, Instant.EPOCH)));
    core.turn();
  }

  private long wrote(Ticket ticket) {
    return wrote.getOrDefault(ticket, 0L);
  }

  /** Where the only one stands in its store. */
  long wrote() {
    return wrote.values().stream().findFirst().orElse(0L);
  }

  void flushes() {
    core.flushed(flushing.remove());
    core.turn();
  }

  private Orders orders() {
    return (Orders)
        Proxy.newProxyInstance(
            Orders.class.getClassLoader(),
            new Class<?>[] {Orders.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "open" -> opening.add((Ticket) arguments[0]);
                case "fill" -> filling.put((Ticket) arguments[0], first((List<?>) arguments[1]));
                case "write" -> writing.add((Ticket) arguments[0]);
                case "flush" -> flushing.add((Ticket) arguments[0]);
                case "read" ->
                    ((Reading) arguments[1])
                        .spots()
                        .values()
                        .forEach(spot -> seeks.add(spot.seek()));
                default -> {
                  // Nothing hangs on it here.
                }
              }
              return null;
            });
  }

  private static long first(List<?> chunks) {
    return chunks.stream().mapToLong(chunk -> ((Chunk) chunk).from()).min().orElseThrow();
  }

  private static PipelinePlan plan(ObjectKey key) {
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
