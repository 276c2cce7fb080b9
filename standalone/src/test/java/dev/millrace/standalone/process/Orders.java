package dev.millrace.standalone.process;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Orders whose event i is a function of i: new ones, changes of old ones, deletions. So a test can
 * say what a store must hold.
 */
final class Orders {
  static final String PRODUCT =
      """
      apiVersion: millrace.dev/v1alpha1
      kind: DataProduct
      metadata: {name: orders}
      spec:
        description: One event for each change of an order
        owner: sales@example.com
        key: orderId
        topic: {partitions: 4}
        schema:
          type: object
          required: [orderId, version, total, country]
          properties:
            orderId: {type: string}
            version: {type: integer}
            total: {type: number}
            country: {type: string}
            note: {type: [string, "null"]}
      """;

  private static final String[] COUNTRIES = {"DE", "FR", "US", "JP"};

  private final int keys;

  /**
   * @param keys how many orders there are, so how often one of them changes
   */
  Orders(int keys) {
    this.keys = keys;
  }

  record Event(String key, long version, Optional<Order> order) {}

  record Order(long total, String country) {}

  Event event(long i) {
    Random random = new Random(i * 0x9E3779B97F4A7C15L);
    String key = "o-" + random.nextInt(keys);
    if (random.nextInt(20) == 0) {
      return new Event(key, i, Optional.empty());
    }
    return new Event(
        key, i, Optional.of(new Order(random.nextInt(1000), COUNTRIES[random.nextInt(4)])));
  }

  /** Returns when the broker has all. */
  void publish(Map<String, Object> kafka, String topic, long from, long to) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long i = from; i < to; i++) {
        Event event = event(i);
        producer.send(new ProducerRecord<>(topic, bytes(event.key()), value(event)));
      }
      producer.flush();
    }
  }

  /**
   * Key to version, of the orders whose total the filter lets pass, after events 0 to {@code to}.
   */
  SortedMap<String, Long> expected(long to, LongPredicate totalPasses) {
    SortedMap<String, Long> rows = new TreeMap<>();
    for (long i = 0; i < to; i++) {
      Event event = event(i);
      if (event.order().filter(order -> totalPasses.test(order.total())).isPresent()) {
        rows.put(event.key(), event.version());
      } else {
        rows.remove(event.key());
      }
    }
    return rows;
  }

  private static byte @org.jspecify.annotations.Nullable [] value(Event event) {
    return event
        .order()
        .map(order ->
            bytes(
                "{\"orderId\":\"%s\",\"version\":%d,\"total\":%d.50,\"country\":\"%s\",\"note\":null}"
                    .formatted(event.key(), event.version(), order.total(), order.country())))
        .orElse(null);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
