package dev.millrace.provisioner.correction;

import dev.millrace.api.correction.Correction;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes of corrections what a store has to be told. It is as if each corrected event had always
 * stood where it stands: what came of its key since then stays. To know of that, it is given all
 * events from the first corrected one up to the cursors, in the order of each partition.
 *
 * <p>An event since then that is itself a dead letter has left nothing, and so hides nothing; nor
 * does one of those that are corrected here, for the store folds them in their order.
 */
public final class Amending {
  private final CorrectedTransform transform;
  private final Corrections corrections;
  private final Set<EventPlace> open;
  private final Set<EventPlace> wanted;
  private final Map<EventPlace, Found> found = new TreeMap<>();

  /** Of each key, those corrected events that nothing later is known of so far. */
  private final Map<PlacedKey, List<EventPlace>> unhidden = new HashMap<>();

  /** The record keys to look for. */
  private final Set<ByteBuffer> recordKeys = new HashSet<>();

  private final Set<EventPlace> hidden = new HashSet<>();

  private record Found(Effect effect, Instant time) {}

  private record PlacedKey(int partition, StoreKey key) {}

  /**
   * @param open the events with a correction that have a dead letter in the store
   * @param due which of them to amend
   */
  public Amending(
      CorrectedTransform transform,
      Corrections corrections,
      Set<EventPlace> open,
      Set<EventPlace> due) {
    this.transform = transform;
    this.corrections = corrections;
    this.open = Set.copyOf(open);
    this.wanted = new TreeSet<>(due);
    this.wanted.retainAll(open);
  }

  public boolean isEmpty() {
    return wanted.isEmpty();
  }

  /** The first event to read of each partition that is concerned. */
  public SortedMap<Integer, Long> from() {
    SortedMap<Integer, Long> from = new TreeMap<>();
    wanted.forEach(place -> from.merge(place.partition(), place.offset(), Math::min));
    return from;
  }

  public void read(ConsumerRecord<byte[], byte[]> event) {
    EventPlace place = new EventPlace(event.partition(), event.offset());
    if (wanted.contains(place)) {
      correct(event, place);
    } else if (!unhidden.isEmpty() && !open.contains(place)) {
      key(event, later(event, place)).ifPresent(this::hide);
    }
  }

  private void correct(ConsumerRecord<byte[], byte[]> event, EventPlace place) {
    Effect effect = transform.effect(event, corrections);
    found.put(place, new Found(effect, Instant.ofEpochMilli(event.timestamp())));
    key(event, effect)
        .ifPresent(key -> {
          unhidden.computeIfAbsent(key, none -> new ArrayList<>()).add(place);
          recordKeys.addAll(recordKeys(event, place));
        });
  }

  /** Its own and those that it was given: more than one too many does no harm. */
  private List<ByteBuffer> recordKeys(ConsumerRecord<byte[], byte[]> event, EventPlace place) {
    List<ByteBuffer> keys = new ArrayList<>();
    if (event.key() != null) {
      keys.add(ByteBuffer.wrap(event.key()));
    }
    for (Correction each : corrections.at(place)) {
      if (each.key() != null) {
        keys.add(ByteBuffer.wrap(CorrectedTransform.utf8(each.key())));
      }
    }
    return keys;
  }

  private @Nullable Effect later(ConsumerRecord<byte[], byte[]> event, EventPlace place) {
    if (corrections.concern(place.partition(), place.offset())) {
      return transform.effect(event, corrections);
    }
    return event.key() != null && recordKeys.contains(ByteBuffer.wrap(event.key()))
        ? new Effect.Of(transform.uncorrected(event))
        : null;
  }

  /** The key that this changes; empty when it changes none. */
  private static Optional<PlacedKey> key(
      ConsumerRecord<byte[], byte[]> event, @Nullable Effect effect) {
    if (!(effect instanceof Effect.Of of)) {
      return Optional.empty();
    }
    return switch (of.outcome()) {
      case Outcome.Put put -> Optional.of(new PlacedKey(event.partition(), put.key()));
      case Outcome.Delete delete -> Optional.of(new PlacedKey(event.partition(), delete.key()));
      case Outcome.Leave leave -> Optional.of(new PlacedKey(event.partition(), leave.key()));
      case Outcome.Add add -> Optional.empty();
      case Outcome.Pass pass -> Optional.empty();
      case Outcome.Dead dead -> Optional.empty();
    };
  }

  private void hide(PlacedKey key) {
    List<EventPlace> earlier = unhidden.remove(key);
    if (earlier != null) {
      hidden.addAll(earlier);
    }
  }

  /**
   * @param cursors where the store stands: all events before were read
   * @param now the time of what has none
   */
  public Amendment amendment(Map<Integer, Long> cursors, Instant now) {
    List<Batch.Entry> entries = new ArrayList<>();
    Set<EventPlace> settled = new TreeSet<>();
    Map<Integer, Counts> counts = new TreeMap<>();
    for (EventPlace place : wanted) {
      Found event = found.getOrDefault(place, new Found(ofOneThatIsGone(place), now));
      Counts delta = delta(event.effect());
      counts.merge(place.partition(), delta, Counts::plus);
      if (delta.deadLettered() < 0) {
        settled.add(place);
      }
      entry(place, event).ifPresent(entries::add);
    }
    List<Batch.Move> moves = new ArrayList<>();
    counts.forEach((partition, delta) -> {
      long at = cursors.get(partition);
      moves.add(new Batch.Move(partition, at, at, Optional.empty(), delta));
    });
    return new Amendment(new Batch(entries, moves), settled);
  }

  /** Its key is not known any more, and what came after it neither. */
  private Effect ofOneThatIsGone(EventPlace place) {
    boolean discarded =
        corrections.at(place).stream().anyMatch(each -> each.action().equals(Correction.DISCARD));
    return discarded
        ? new Effect.Discarded()
        : new Effect.Of(
            new Outcome.Dead(
                "RedriveTooLate",
                "",
                "the log does not hold this event any more, so nobody can say what came of its key"
                    + " after it",
                ""));
  }

  private static Counts delta(Effect effect) {
    return switch (effect) {
      case Effect.Discarded discarded -> new Counts(0, 0, 0, -1, 1);
      case Effect.Of of ->
          switch (of.outcome()) {
            case Outcome.Dead dead -> Counts.NONE;
            case Outcome.Leave leave -> new Counts(0, 0, 1, -1, 0);
            case Outcome.Pass pass -> new Counts(0, 0, 1, -1, 0);
            case Outcome.Put put -> new Counts(0, 1, 0, -1, 0);
            case Outcome.Add add -> new Counts(0, 1, 0, -1, 0);
            case Outcome.Delete delete -> new Counts(0, 1, 0, -1, 0);
          };
    };
  }

  private Optional<Batch.Entry> entry(EventPlace place, Found event) {
    return event.effect() instanceof Effect.Of of
            && !(of.outcome() instanceof Outcome.Pass)
            && !hidden.contains(place)
        ? Optional.of(
            new Batch.Entry(place.partition(), place.offset(), event.time(), of.outcome()))
        : Optional.empty();
  }
}
