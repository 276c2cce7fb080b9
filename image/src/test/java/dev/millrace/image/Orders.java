package dev.millrace.image;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Events that were published, and what the rows of those in some countries must be by then. */
final class Orders {
  private static final List<String> COUNTRIES = List.of("DE", "FR", "IT", "US");
  private static final int KEYS = 700;

  private final Random random = new Random(20261127);
  private final String topic;
  private final Map<String, Object> kafka;

  /** The last of each id, unless it was deleted. */
  private final Map<String, Order> last = new TreeMap<>();

  private record Order(String country, long total) {}

  Orders(String topic, Map<String, Object> kafka) {
    this.topic = topic;
    this.kafka = kafka;
  }

  /** Orders that are made, change, move abroad and are deleted. */
  void publish(int events) throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < events; i++) {
        String id = "o-" + random.nextInt(KEYS);
        var unused = producer.send(new ProducerRecord<>(topic, id, event(id)));
      }
      producer.flush();
    }
  }

  private byte @Nullable [] event(String id) {
    if (random.nextInt(20) == 0) {
      last.remove(id);
      return null;
    }
    String country = COUNTRIES.get(random.nextInt(COUNTRIES.size()));
    long total = random.nextInt(100_000);
    last.put(id, new Order(country, total));
    return "{\"id\":\"%s\",\"country\":\"%s\",\"total\":%d}"
        .formatted(id, country, total)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Totals by id. */
  Map<String, Long> in(String... countries) {
    Map<String, Long> totals = new TreeMap<>();
    last.forEach((id, order) -> {
      if (List.of(countries).contains(order.country())) {
        totals.put(id, order.total());
      }
    });
    return totals;
  }
}
