package dev.millrace.bench.site;

import dev.millrace.bench.workload.Bid;
import dev.millrace.bench.workload.Keys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A product of bids, and what was published to it. */
public final class Stream {
  private static final int SEGMENTS = 8;
  private static final long PATIENCE_SECONDS = 60;

  private final Product product;
  private final Map<String, Object> kafka;
  private final long seed;
  private long bytes;

  Stream(Product product, Map<String, Object> kafka, long seed) {
    this.product = product;
    this.kafka = Map.copyOf(kafka);
    this.seed = seed;
  }

  public String product() {
    return product.name();
  }

  public String topic() {
    return Site.TENANT + "." + product.name();
  }

  public int partitions() {
    return product.partitions();
  }

  public Keys keys() {
    return product.keys();
  }

  public long seed() {
    return seed;
  }

  /** The same topic, with the events of another seed behind what is there. */
  public Stream reseeded(long other) {
    return new Stream(product, kafka, other);
  }

  /** What the event of a number says. */
  public Bid bid(long number) {
    return Bid.of(seed, number).as(product.keys().of(number));
  }

  /** The same, ready to be published. */
  public ProducerRecord<byte[], byte[]> record(Bid bid) {
    return new ProducerRecord<>(topic(), bid.key(), product.form().json(bid));
  }

  /** How many bytes the values have that it was filled with. */
  public long bytes() {
    return bytes;
  }

  /** Publishes the first bids; returns when the broker has them. */
  public void fill(long events) {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer =
        producer(Map.of("linger.ms", 20, "batch.size", 256 * 1024, "buffer.memory", 64L << 20))) {
      for (long i = 0; i < events; i++) {
        ProducerRecord<byte[], byte[]> record = record(bid(i));
        bytes += record.value().length;
        producer.send(
            record,
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

  /** From now on each partition lets go of its oldest events when it has more than this. */
  public void keepAtMost(long bytes) throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic()),
                  List.of(set("retention.bytes", bytes), set("segment.bytes", bytes / SEGMENTS))))
          .all()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static AlterConfigOp set(String name, long value) {
    return new AlterConfigOp(new ConfigEntry(name, Long.toString(value)), AlterConfigOp.OpType.SET);
  }

  /** The sum over all partitions of where they end. */
  public long end() throws Exception {
    return ends().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Where each partition ends. */
  public Map<Integer, Long> ends() throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      List<TopicPartition> partitions =
          IntStream.range(0, partitions()).mapToObj(p -> new TopicPartition(topic(), p)).toList();
      return admin
          .listOffsets(
              partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
          .all()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .entrySet()
          .stream()
          .collect(
              Collectors.toMap(
                  each -> each.getKey().partition(), each -> each.getValue().offset()));
    }
  }
}
