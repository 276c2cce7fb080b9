package dev.millrace.catalog.live;

import dev.millrace.api.ObjectKey;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One who listens. What it does not take in time is replaced by what is newer, so a slow one costs
 * at most one event for each object. Used from the feed's thread.
 */
final class Listener {
  private static final int TICKS_BETWEEN_HEARTBEATS = 40;

  private final Optional<ObjectKey> only;
  private final MultiEmitter<? super LiveEvent> emitter;
  private final Map<ObjectKey, LiveEvent> pending = new LinkedHashMap<>();
  private int quietTicks;

  Listener(Optional<ObjectKey> only, MultiEmitter<? super LiveEvent> emitter) {
    this.only = only;
    this.emitter = emitter;
  }

  boolean hasGone() {
    return emitter.isCancelled();
  }

  boolean wants(ObjectKey key) {
    return only.isEmpty() || only.get().equals(key);
  }

  void offer(ObjectKey key, LiveEvent event) {
    pending.put(key, event);
  }

  /** Gives what it is ready to take. */
  void pass() {
    Iterator<LiveEvent> events = pending.values().iterator();
    while (events.hasNext() && emitter.requested() > 0) {
      LiveEvent event = events.next();
      events.remove();
      quietTicks = 0;
      emitter.emit(event);
      if (only.isPresent() && event.isEnd()) {
        emitter.complete();
        return;
      }
    }
    if (++quietTicks >= TICKS_BETWEEN_HEARTBEATS && emitter.requested() > 0) {
      quietTicks = 0;
      emitter.emit(LiveEvent.HEARTBEAT);
    }
  }

  void end() {
    emitter.complete();
  }
}
