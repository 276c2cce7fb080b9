package dev.millrace.provisioner;

import dev.millrace.needs.transform.StoreKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Publishes events and computes, apart from the worker, what a store must hold of them. */
final class EventLog {
  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final int partitions;
  private final Map<Long, Event> latest = new HashMap<>();
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private long published;

  record Event(long id, String name, int total) {}

  EventLog(Producer<byte[], byte[]> producer, String topic, int partitions) {
    this.producer = producer;
    this.topic = topic;
    this.partitions = partitions;
  }

  void put(long id, String name, int total) {
    send(id, "{\"id\":" + id + ",\"name\":\"" + name + "\",\"total\":" + total + "}");
    latest.put(id, new Event(id, name, total));
  }

  /** As {@link #put}, at a time of its own. */
  void putAt(long id, String name, int total, long time) {
    String json = "{\"id\":" + id + ",\"name\":\"" + name + "\",\"total\":" + total + "}";
    send(id, json, time);
    latest.put(id, new Event(id, name, total));
  }

  /** As {@link #delete}, at a time of its own. */
  void deleteAt(long id, long time) {
    send(id, null, time);
    latest.remove(id);
  }

  void delete(long id) {
    send(id, null);
    latest.remove(id);
  }

  /** Not JSON: a dead letter in every pipeline. */
  void broken(long id) {
    send(id, "{\"id\":" + id + ",");
  }

  /** What stands behind no effect: the same as {@link #put} in a transaction that is aborted. */
  void lost(long id, String name, int total) {
    send(id, "{\"id\":" + id + ",\"name\":\"" + name + "\",\"total\":" + total + "}");
    published--;
  }

  /**
   * @throws IllegalStateException when the broker did not take all, for then what is expected is
   *     wrong
   */
  void flush() {
    producer.flush();
    if (!failures.isEmpty()) {
      throw new IllegalStateException("not published", failures.peek());
    }
  }

  long published() {
    return published;
  }

  Map<StoreKey, List<@Nullable Object>> expected(Predicate<Event> filter) {
    Map<StoreKey, List<@Nullable Object>> rows = new HashMap<>();
    latest.values().stream()
        .filter(filter)
        .forEach(event ->
            rows.put(
                new StoreKey(event.id()), Arrays.asList(event.id(), event.name(), event.total())));
    return rows;
  }

  private void send(long id, @Nullable String json) {
    send(id, json, null);
  }

  private void send(long id, @Nullable String json, @Nullable Long time) {
    producer.send(
        new ProducerRecord<>(
            topic,
            (int) Math.floorMod(id, (long) partitions),
            time,
            Long.toString(id).getBytes(StandardCharsets.UTF_8),
            json == null ? null : json.getBytes(StandardCharsets.UTF_8)),
        (taken, failure) -> {
          if (failure != null) {
            failures.add(failure);
          }
        });
    published++;
  }
}
