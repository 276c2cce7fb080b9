package dev.millrace.catalog.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.KafkaLogin;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes to the platform's own topics, for people who wait: in time, or not at all. */
@Singleton
final class PlatformWriter {
  private final Duration patience;
  private final KafkaProducer<String, byte[]> producer;

  @Inject
  PlatformWriter(CatalogConfig config, KafkaLogin kafka) {
    this.patience = config.patience();
    Map<String, Object> settings = new HashMap<>(kafka.settings());
    settings.put("acks", "all");
    settings.put("max.block.ms", patience.toMillis());
    settings.put("request.timeout.ms", (int) patience.toMillis());
    settings.put("delivery.timeout.ms", (int) patience.toMillis());
    settings.put("linger.ms", 0);
    this.producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  void stop(@Observes ShutdownEvent event) {
    producer.close(Duration.ofSeconds(1));
  }

  /** Kafka did not confirm it in time; it may have been written all the same. */
  static final class NotConfirmed extends Exception {
    private static final long serialVersionUID = 1L;

    NotConfirmed(Throwable cause) {
      super(cause.toString(), cause);
    }
  }

  /**
   * Returns when it is under way.
   *
   * @param failed told when it was not written, from any thread
   */
  void send(String topic, String key, Object value, Consumer<Exception> failed) {
    producer.send(
        new ProducerRecord<>(topic, key, bytes(value)),
        (metadata, failure) -> {
          if (failure != null) {
            failed.accept(failure);
          }
        });
  }

  /** Returns when it will be kept. */
  void write(String topic, String key, Object value) throws NotConfirmed {
    try {
      producer
          .send(new ProducerRecord<>(topic, key, bytes(value)))
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new NotConfirmed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotConfirmed(e);
    }
  }

  private static byte[] bytes(Object value) {
    try {
      return Json.STRICT.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
