package dev.millrace.bench.site;

import dev.millrace.bench.workload.Bid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A product of bids, and what was published to it. */
public final class Stream {
  public static final int PARTITIONS = 4;

  private final String product;
  private final Map<String, Object> kafka;
  private final long seed;

  Stream(String product, Map<String, Object> kafka, long seed) {
    this.product = product;
    this.kafka = Map.copyOf(kafka);
    this.seed = seed;
  }

  static String yaml(String product, boolean insertOnly) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataProduct
    metadata: {name: %s}
    spec:
      description: Bids at auctions
      owner: bench@example.com
      key: id
      insertOnly: %s
      topic: {partitions: %d}
      schema:
        type: object
        required: [id, auction, bidder, price, channel, url, dateTime, extra]
        properties:
          id: {type: integer}
          auction: {type: integer}
          bidder: {type: integer}
          price: {type: integer}
          channel: {type: string}
          url: {type: string}
          dateTime: {type: string, format: date-time}
          extra: {type: string}
    """
        .formatted(product, insertOnly, PARTITIONS);
  }

  public String product() {
    return product;
  }

  public String topic() {
    return Site.TENANT + "." + product;
  }

  public long seed() {
    return seed;
  }

  /** The same topic, with the events of another seed behind what is there. */
  public Stream reseeded(long other) {
    return new Stream(product, kafka, other);
  }

  /** Publishes the first bids; returns when the broker has them. */
  public void fill(long events) {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer =
        producer(Map.of("linger.ms", 20, "batch.size", 256 * 1024, "buffer.memory", 64L << 20))) {
      for (long i = 0; i < events; i++) {
        Bid bid = Bid.of(seed, i);
        producer.send(
            new ProducerRecord<>(topic(), bid.key(), bid.json()),
            (place, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
      }
      producer.flush();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("an event could not be published", failed);
    }
  }

  public KafkaProducer<byte[], byte[]> producer(Map<String, Object> further) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("acks", "all");
    settings.putAll(further);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The sum over all partitions of where they end. */
  public long end() throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      List<TopicPartition> partitions =
          IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic(), p)).toList();
      return admin
          .listOffsets(
              partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
          .all()
          .get(60, TimeUnit.SECONDS)
          .values()
          .stream()
          .mapToLong(each -> each.offset())
          .sum();
    }
  }
}
