package dev.millrace.catalog.ask;

import dev.millrace.api.Json;
import dev.millrace.api.Topics;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.catalog.KafkaLogin;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.tail.TopicTail;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** {@code millrace.corrections}: what people decided, written down before they are answered. */
@Singleton
final class CorrectionLog {
  private static final Logger LOG = Logger.getLogger(CorrectionLog.class);

  private final PlatformWriter writer;
  private final TopicTail tail;
  private final Map<String, Map<EventPlace, List<Correction>>> known = new ConcurrentHashMap<>();

  @Inject
  CorrectionLog(KafkaLogin kafka, PlatformWriter writer) {
    this.writer = writer;
    this.tail = TopicTail.fromBeginning(kafka.settings(), Topics.CORRECTIONS, this::take);
  }

  void start(@Observes StartupEvent event) {
    tail.start();
  }

  void stop(@Observes ShutdownEvent event) {
    tail.close();
  }

  /**
   * Returns when it will be kept.
   *
   * @throws Refusal 503 KafkaUnavailable; it may have been written all the same
   */
  void write(Correction correction) {
    try {
      writer.write(Topics.CORRECTIONS, correction.recordKey(), correction);
    } catch (PlatformWriter.NotConfirmed e) {
      LOG.warnf(
          "correction not written subscription=%s: %s", correction.subscription(), e.getMessage());
      throw unavailable();
    }
    LOG.infof(
        "corrected subscription=%s partition=%d offset=%d action=%s by %s",
        correction.subscription(),
        correction.partition(),
        correction.offset(),
        correction.action(),
        correction.actor());
  }

  /** In the order decided, as far as this process has heard. */
  List<Correction> of(String uid, EventPlace place) {
    Map<EventPlace, List<Correction>> all = known.getOrDefault(uid, Map.of());
    return List.copyOf(all.getOrDefault(place, List.of()));
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      known.remove(record.key().substring(0, Math.max(0, record.key().indexOf('/'))));
      return;
    }
    try {
      Correction correction = Json.LENIENT.readValue(record.value(), Correction.class);
      known
          .computeIfAbsent(correction.uid(), uid -> new ConcurrentHashMap<>())
          .compute(
              correction.place(),
              (place, before) -> {
                List<Correction> more = new ArrayList<>(before == null ? List.of() : before);
                if (more.stream().noneMatch(each -> each.id().equals(correction.id()))) {
                  more.add(correction);
                }
                return List.copyOf(more);
              });
    } catch (IOException | IllegalArgumentException e) {
      LOG.warnf("unreadable correction offset=%d", record.offset());
    }
  }

  private static Refusal unavailable() {
    return new Refusal(
        503,
        "KafkaUnavailable",
        "Kafka did not confirm the correction in time; it may have been written",
        "Look whether it took effect, and ask again if not: the first that can be applied counts.");
  }
}
