package dev.millrace.catalog.journal;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.problem.Refusal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * All objects of one kind as the journal tells them, in memory. Made from the journal once, then
 * kept up with what this process appends. Safe to share between threads; reading never waits.
 *
 * @param <S> an object's state
 * @param <E> its events: a sealed interface of records
 */
public final class Ledger<S, E> {

  /** From one state to the next; empty before an object is and after it has gone. */
  @FunctionalInterface
  public interface Evolution<S, E> {
    Optional<S> after(Optional<S> before, ObjectKey key, E event, Instant at);
  }

  private record Held<S>(long version, Optional<S> state) {}

  private final Journal journal;
  private final String kind;
  private final EventTypes<E> types;
  private final Evolution<S, E> evolution;
  private final ConcurrentSkipListMap<ObjectKey, Held<S>> all = new ConcurrentSkipListMap<>();

  /** Those of which something may have been written that was not read since. In turn. */
  private final Set<ObjectKey> unsure = new HashSet<>();

  /**
   * @param kind names the streams, such as {@code product}
   */
  public Ledger(Journal journal, String kind, Class<E> events, Evolution<S, E> evolution) {
    this.journal = journal;
    this.kind = kind;
    this.types = new EventTypes<>(events);
    this.evolution = evolution;
    journal.ofKind(kind).forEach(this::take);
  }

  public Optional<S> find(ObjectKey key) {
    return held(key).state();
  }

  /**
   * As whoever keeps it says.
   *
   * @param state empty when it has gone
   */
  public void show(ObjectKey key, Optional<S> state) {
    if (state.isPresent()) {
      all.compute(
          key, (same, before) -> new Held<>(before == null ? 1 : before.version() + 1, state));
    } else {
      all.remove(key);
    }
  }

  /** What there is, by key. */
  public SortedMap<ObjectKey, S> all() {
    SortedMap<ObjectKey, S> present = new TreeMap<>();
    for (Map.Entry<ObjectKey, Held<S>> entry : all.entrySet()) {
      entry.getValue().state().ifPresent(state -> present.put(entry.getKey(), state));
    }
    return present;
  }

  /**
   * Decides on the present state and writes down what follows, one decision of the platform at a
   * time.
   *
   * @param decision events to append, perhaps none; throws a {@link Refusal} for a no
   * @return the state then
   */
  public Optional<S> decide(ObjectKey key, String actor, Function<Optional<S>, List<E>> decision) {
    return journal.inTurn(() -> {
      makeSure();
      Held<S> now = held(key);
      List<E> events = decision.apply(now.state());
      if (!events.isEmpty()) {
        append(key, now.version(), events, actor);
      }
      return find(key);
    });
  }

  /** A decision looks at others too, and must not overlook one whose answer was lost. */
  private void makeSure() {
    for (ObjectKey key : Set.copyOf(unsure)) {
      catchUp(key);
    }
  }

  private void append(ObjectKey key, long version, List<E> events, String actor) {
    try {
      journal
          .append(kind, key, version, events.stream().map(types::fact).toList(), actor)
          .forEach(this::take);
    } catch (Refusal refusal) {
      // Another process came first, or a commit whose answer was lost: the journal knows.
      unsure.add(key);
      try {
        catchUp(key);
      } catch (Refusal stillUnavailable) {
        refusal.addSuppressed(stillUnavailable);
      }
      throw refusal;
    }
  }

  private void catchUp(ObjectKey key) {
    journal.since(kind, key, held(key).version()).forEach(this::take);
    unsure.remove(key);
  }

  private void take(Entry entry) {
    Held<S> before = held(entry.key());
    Optional<S> state =
        evolution.after(before.state(), entry.key(), types.event(entry), entry.at());
    all.put(entry.key(), new Held<>(entry.version(), state));
  }

  private Held<S> held(ObjectKey key) {
    Held<S> held = all.get(key);
    return held == null ? new Held<>(0, Optional.empty()) : held;
  }
}
