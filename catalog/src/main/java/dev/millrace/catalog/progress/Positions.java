package dev.millrace.catalog.progress;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** Where every pipeline stands, by what its workers said last. Safe to share between threads. */
@Singleton
public final class Positions {
  private static final Logger LOG = Logger.getLogger(Positions.class);

  private final Map<ObjectKey, Meter> meters = new ConcurrentHashMap<>();
  private final List<Consumer<ObjectKey>> listeners = new CopyOnWriteArrayList<>();

  @Inject
  Positions() {}

  /** Empty until a worker has reported on the plan. */
  public Optional<Progress> progress(PipelinePlan plan, Instant now) {
    return Optional.ofNullable(meters.get(plan.subscription()))
        .filter(meter -> !meter.of(plan).isEmpty())
        .map(meter -> meter.progress(plan, now));
  }

  public List<PartitionReport> reports(PipelinePlan plan) {
    Meter meter = meters.get(plan.subscription());
    return meter == null ? List.of() : meter.of(plan);
  }

  /** Calls back from the reading thread; the callback must not block. */
  public void listen(Consumer<ObjectKey> changed) {
    listeners.add(changed);
  }

  void take(ConsumerRecord<String, byte[]> record) {
    try {
      int slash = record.key().lastIndexOf('/');
      ObjectKey subscription = ObjectKey.parse(record.key().substring(0, slash));
      int partition = Integer.parseInt(record.key().substring(slash + 1));
      if (record.value() == null) {
        drop(subscription, partition);
      } else {
        PartitionReport report = Json.LENIENT.readValue(record.value(), PartitionReport.class);
        meters
            .computeIfAbsent(subscription, key -> new Meter())
            .take(report, Instant.ofEpochMilli(record.timestamp()));
      }
      listeners.forEach(listener -> listener.accept(subscription));
    } catch (IOException | RuntimeException e) {
      LOG.warnf("unreadable report offset=%d: %s", record.offset(), e.getClass().getSimpleName());
    }
  }

  private void drop(ObjectKey subscription, int partition) {
    Meter meter = meters.get(subscription);
    if (meter != null) {
      meter.drop(partition);
      if (meter.isEmpty()) {
        meters.remove(subscription);
      }
    }
  }
}
