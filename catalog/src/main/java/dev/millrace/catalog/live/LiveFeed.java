package dev.millrace.catalog.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Resource;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.catalog.progress.Positions;
import dev.millrace.catalog.subscription.Subscription;
import dev.millrace.catalog.subscription.SubscriptionChanged;
import dev.millrace.catalog.subscription.SubscriptionObjects;
import dev.millrace.catalog.subscription.SubscriptionReported;
import dev.millrace.catalog.subscription.Subscriptions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells listeners of subscriptions that changed: each at most four times a second, however often it
 * changes, and each made into JSON once, however many listen. All of it happens on one thread.
 */
@Singleton
final class LiveFeed {
  private static final Logger LOG = Logger.getLogger(LiveFeed.class);
  private static final int TICK_MILLIS = 250;

  /** Rates fall and lags grow with nothing but time passing. */
  private static final int TICKS_BETWEEN_LOOKS = 4;

  private final Subscriptions subscriptions;
  private final SubscriptionObjects objects;
  private final Set<ObjectKey> dirty = ConcurrentHashMap.newKeySet();
  private final Set<ObjectKey> moving = ConcurrentHashMap.newKeySet();
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("catalog-live").factory());
  private long ticks;

  @Inject
  LiveFeed(Subscriptions subscriptions, SubscriptionObjects objects, Positions positions) {
    this.subscriptions = subscriptions;
    this.objects = objects;
    // Pipelines of rebuilds report too, and are nobody's subscription.
    positions.listen(key -> {
      if (subscriptions.find(key).isPresent()) {
        dirty.add(key);
      }
    });
  }

  void start(@Observes StartupEvent event) {
    thread.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    thread.shutdownNow();
    listeners.forEach(Listener::end);
  }

  void changed(@Observes SubscriptionChanged change) {
    dirty.add(change.subscription());
  }

  void reported(@Observes SubscriptionReported report) {
    dirty.add(report.subscription());
  }

  /**
   * The present state of what is wanted, then each change, until the listener goes.
   *
   * @param only one subscription, whose end ends the stream; empty for all
   */
  Multi<LiveEvent> listen(Optional<ObjectKey> only) {
    return Multi.createFrom()
        .emitter(
            emitter -> {
              Listener listener = new Listener(only, emitter);
              emitter.onTermination(() -> listeners.remove(listener));
              thread.execute(() -> welcome(listener));
            },
            // The listener itself keeps what is not asked for yet: the newest of each object.
            BackPressureStrategy.BUFFER);
  }

  private void welcome(Listener listener) {
    listeners.add(listener);
    if (listener.hasGone()) {
      listeners.remove(listener);
      return;
    }
    for (Subscription subscription : subscriptions.all().values()) {
      if (listener.wants(subscription.key())) {
        listener.offer(subscription.key(), event(subscription));
      }
    }
    listener.pass();
  }

  private void tick() {
    try {
      if (ticks++ % TICKS_BETWEEN_LOOKS == 0) {
        dirty.addAll(moving);
      }
      List<ObjectKey> keys = new ArrayList<>(dirty);
      keys.forEach(dirty::remove);
      if (!listeners.isEmpty()) {
        keys.forEach(this::tell);
        listeners.forEach(Listener::pass);
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "live feed failed and goes on");
    }
  }

  private void tell(ObjectKey key) {
    Optional<Subscription> subscription = subscriptions.find(key);
    LiveEvent event = subscription.map(this::event).orElseGet(() -> LiveEvent.deleted(key));
    if (subscription.isEmpty()) {
      moving.remove(key);
    }
    listeners.stream().filter(l -> l.wants(key)).forEach(l -> l.offer(key, event));
  }

  private LiveEvent event(Subscription subscription) {
    Resource<?, SubscriptionStatus> object = objects.of(subscription);
    if (isMoving(object.status())) {
      moving.add(subscription.key());
    } else {
      moving.remove(subscription.key());
    }
    try {
      return LiveEvent.status(Json.STRICT.writeValueAsString(object));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isMoving(SubscriptionStatus status) {
    return status != null
        && status.progress() != null
        && (status.progress().eventsPerSecond() > 0 || status.progress().lagSeconds() > 0);
  }
}
