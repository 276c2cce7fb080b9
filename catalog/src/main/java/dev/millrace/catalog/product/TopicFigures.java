package dev.millrace.catalog.product;

import dev.millrace.catalog.problem.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How large topics are about now. Asked for together and remembered shortly: lists show them. */
@Singleton
final class TopicFigures {
  private static final long FRESH = Duration.ofSeconds(2).toNanos();

  /** After a broker that did not answer, lists come without figures and do not wait for it. */
  private static final long SILENCE = Duration.ofSeconds(10).toNanos();

  private final Broker broker;
  private final Map<String, Figure> known = new ConcurrentHashMap<>();
  private volatile long silentUntil = System.nanoTime();

  @Inject
  TopicFigures(Broker broker) {
    this.broker = broker;
  }

  /**
   * @param topic empty when there is none of that name
   * @param events absent when the broker did not say
   */
  record Figure(Optional<Broker.Topic> topic, @Nullable Long events, long asked) {
    boolean isFresh() {
      return System.nanoTime() - asked < FRESH;
    }
  }

  /** Asks for what is not known freshly. What the broker does not answer stays unknown. */
  void refresh(Collection<String> topics) {
    List<String> stale =
        topics.stream()
            .filter(topic -> !known.containsKey(topic) || !known.get(topic).isFresh())
            .toList();
    if (stale.isEmpty() || silentUntil - System.nanoTime() > 0) {
      return;
    }
    try {
      Map<String, Broker.Topic> found = broker.find(stale);
      Map<String, Long> events = broker.events(found);
      long now = System.nanoTime();
      stale.forEach(topic ->
          known.put(
              topic, new Figure(Optional.ofNullable(found.get(topic)), events.get(topic), now)));
    } catch (Refusal unavailable) {
      stale.forEach(known::remove);
      silentUntil = System.nanoTime() + SILENCE;
    }
  }

  /** Empty when the broker did not answer. */
  Optional<Figure> of(String topic) {
    return Optional.ofNullable(known.get(topic));
  }
}
