package dev.millrace.operator.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.controller.Agenda;
import dev.millrace.operator.kind.DataSubscription;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's own queue: it looks at one object in one thread, and again at what is told meanwhile.
 */
public final class ClusterAgenda implements Agenda, AutoCloseable {
  private final SimpleInboundEventSource<DataSubscription> told =
      new SimpleInboundEventSource<>("told");
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("operator-timer").daemon().factory());
  private final Map<ObjectKey, ScheduledFuture<?>> later = new ConcurrentHashMap<>();

  EventSource<?, DataSubscription> source() {
    return told;
  }

  @Override
  public void add(ObjectKey subscription) {
    told.propagateEvent(new ResourceID(subscription.name(), subscription.tenant()));
  }

  /** One for each, the earliest. */
  @Override
  public void addLater(ObjectKey subscription, Duration delay) {
    later.compute(subscription, (key, before) -> earlier(key, before, delay));
  }

  private ScheduledFuture<?> earlier(
      ObjectKey key, @Nullable ScheduledFuture<?> before, Duration delay) {
    if (before != null && before.getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos()) {
      return before;
    }
    if (before != null) {
      before.cancel(false);
    }
    return timer.schedule(() -> due(key), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void due(ObjectKey key) {
    later.remove(key);
    add(key);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
