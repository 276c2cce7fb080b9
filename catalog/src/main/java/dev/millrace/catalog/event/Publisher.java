package dev.millrace.catalog.event;

import dev.millrace.catalog.KafkaLogin;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The one producer through which all requests publish. Safe to share between threads. */
@Singleton
final class Publisher implements AutoCloseable {
  private static final int MOST_BUFFERED = 32 * 1024 * 1024;

  private final Producer<byte[], byte[]> producer;
  private final Duration patience;

  @Inject
  Publisher(KafkaLogin kafka, EventConfig config) {
    this(kafka.settings(), config.publishPatience());
  }

  /**
   * @param kafka client settings: address and login
   * @param patience how long the broker may take for an event
   */
  Publisher(Map<String, String> kafka, Duration patience) {
    this.producer = new KafkaProducer<>(settings(kafka, patience));
    this.patience = patience;
  }

  /**
   * @param positions whether the receipt says where each event lies
   */
  Publishing begin(boolean positions) {
    return new Publishing(producer, new Outcome(positions), patience);
  }

  private static Map<String, Object> settings(Map<String, String> kafka, Duration patience) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    // Also keeps the order within a partition when a request is sent again.
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) MOST_BUFFERED);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * Intake.LARGEST_EVENT);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis() / 2);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    return settings;
  }

  @PreDestroy
  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
