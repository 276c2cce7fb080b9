package dev.millrace.operator.cluster;

import dev.millrace.api.ObjectKey;
import dev.millrace.operator.kind.Kind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind, as a watch has them, with what was written here since: a watch tells of
 * it a little later.
 */
public final class Watched<K extends Kind> {
  /** A watch tells of it within this time, or it is gone again. */
  private static final long TOLD_WITHIN = Duration.ofSeconds(30).toNanos();

  private final BooleanSupplier ended;
  private final AtomicReference<@Nullable IndexerResourceCache<K>> cache = new AtomicReference<>();
  private final Map<ObjectKey, Mine<K>> written = new ConcurrentHashMap<>();

  private record Mine<K extends Kind>(K object, long at) {
    boolean isOld() {
      return System.nanoTime() - at > TOLD_WITHIN;
    }
  }

  /**
   * @param ended once it is so, nothing can be told from what is not there: watches that end forget
   *     what they knew, while steps are still under way
   */
  Watched(BooleanSupplier ended) {
    this.ended = ended;
  }

  /** What the controller of this kind keeps. */
  public void by(IndexerResourceCache<K> kept) {
    cache.set(kept);
  }

  /**
   * Empty when it is not there, or no watch runs yet.
   *
   * @throws CancellationException this operator ends
   */
  public Optional<K> find(ObjectKey key) {
    Optional<K> told = told(key);
    goesOn();
    Mine<K> mine = written.get(key);
    if (mine == null) {
      return told;
    }
    boolean isTold = told.isPresent() && version(told.get()) >= version(mine.object());
    if (isTold || mine.isOld()) {
      written.remove(key, mine);
      return told;
    }
    return Optional.of(mine.object());
  }

  /**
   * All there are.
   *
   * @throws CancellationException this operator ends
   */
  public List<K> all() {
    IndexerResourceCache<K> kept = cache.get();
    Stream<K> told = kept == null ? Stream.of() : kept.list();
    written.values().removeIf(Mine::isOld);
    Stream<K> mine =
        written.values().stream().map(Mine::object).filter(each -> told(each.key()).isEmpty());
    List<K> all = Stream.concat(told, mine).toList();
    goesOn();
    return all;
  }

  /** Asked behind each look, for what was seen may have been forgotten by then. */
  private void goesOn() {
    if (ended.getAsBoolean()) {
      throw new CancellationException("this operator ends");
    }
  }

  /** As the API server answered. */
  public void wrote(K object) {
    written.put(object.key(), new Mine<>(object, System.nanoTime()));
  }

  /** As the API server answered to its deletion. */
  public void deleted(ObjectKey key) {
    written.remove(key);
  }

  private Optional<K> told(ObjectKey key) {
    IndexerResourceCache<K> kept = cache.get();
    return kept == null
        ? Optional.empty()
        : kept.get(new ResourceID(key.name(), key.tenant().isEmpty() ? null : key.tenant()));
  }

  /** A number that grows with each change of one object. */
  private static long version(Kind object) {
    return Long.parseLong(object.getMetadata().getResourceVersion());
  }
}
