package dev.millrace.chaos.load;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a store must hold when its cursors stand somewhere. It knows nothing of how Millrace works:
 * the last event of each key counts, unless that deletes or does not pass the filter.
 */
public final class Fold {
  private final Log log;
  private final long[] start;
  private final Predicate<Row> filter;
  private final Shape shape;
  private final SortedMap<String, Row> rows = new TreeMap<>();
  private final long[] lostFrom;
  private final long[] lostTo;
  private long[] at;
  private long[][] sums;
  private long[] summedTo;

  /**
   * @param start the first offset that counts, by partition
   */
  public Fold(Log log, long[] start, Predicate<Row> filter, Shape shape) {
    this.log = log;
    this.start = start.clone();
    this.filter = filter;
    this.shape = shape;
    this.at = start.clone();
    this.sums = new long[start.length][4];
    this.summedTo = start.clone();
    this.lostFrom = start.clone();
    this.lostTo = start.clone();
  }

  /** Events from these offsets on, up to others, left the log unapplied, and nobody wants them. */
  public void lose(long[] from, long[] to) {
    System.arraycopy(from, 0, lostFrom, 0, from.length);
    System.arraycopy(to, 0, lostTo, 0, to.length);
    rows.clear();
    at = start.clone();
    forgetSums();
  }

  private boolean isLost(int partition, long offset) {
    return lostFrom[partition] <= offset && offset < lostTo[partition];
  }

  /** The rows when these are the next offsets to apply. A view that the next call changes. */
  public SortedMap<String, Row> at(long[] cursors) {
    for (int p = 0; p < at.length; p++) {
      if (cursors[p] < at[p]) {
        rows.clear();
        at = start.clone();
        break;
      }
    }
    for (int p = 0; p < at.length; p++) {
      for (; at[p] < cursors[p]; at[p]++) {
        if (!isLost(p, at[p])) {
          apply(new Load.Place(p, at[p]), log.partition(p).get((int) at[p]));
        }
      }
    }
    return Collections.unmodifiableSortedMap(rows);
  }

  private boolean isDead(Load.Place place, Event event) {
    return switch (event.effect()) {
      case PUT -> filter.test(event.row()) && shape.of(event.row(), place).isEmpty();
      case DELETE -> false;
      case POISON -> true;
    };
  }

  /** Where events lie that the store cannot take, before these offsets. */
  public SortedSet<Load.Place> poison(long[] cursors) {
    SortedSet<Load.Place> places = new TreeSet<>();
    each(
        cursors,
        (place, event) -> {
          if (isDead(place, event)) {
            places.add(place);
          }
        });
    return places;
  }

  /** What a table that keeps every event holds; a deletion passes, a row without values. */
  public Map<Load.Place, Event> appended(long[] cursors) {
    Map<Load.Place, Event> events = new TreeMap<>();
    each(
        cursors,
        (place, event) -> appended(place, event).ifPresent(shown -> events.put(place, shown)));
    return events;
  }

  /** Empty for what adds no row. */
  private Optional<Event> appended(Load.Place place, Event event) {
    return switch (event.effect()) {
      case PUT ->
          Optional.of(event.row())
              .filter(filter)
              .flatMap(row -> shape.of(row, place))
              .map(row -> new Event(event.number(), event.key(), event.effect(), row));
      case DELETE -> Optional.of(event);
      case POISON -> Optional.empty();
    };
  }

  /**
   * As much of such a table as can be looked at often: rows, the sum of their offsets, the sums of
   * their versions and of all that some subscriptions have more.
   *
   * @return four numbers for each partition
   */
  public long[][] tally(long[] cursors) {
    for (int p = 0; p < summedTo.length; p++) {
      if (cursors[p] < summedTo[p]) {
        forgetSums();
        break;
      }
    }
    each(
        summedTo,
        cursors,
        (place, event) -> appended(place, event).ifPresent(row -> sum(place, row)));
    summedTo = cursors.clone();
    return Arrays.stream(sums).map(long[]::clone).toArray(long[][]::new);
  }

  private void forgetSums() {
    sums = new long[start.length][4];
    summedTo = start.clone();
  }

  private void sum(Load.Place place, Event appended) {
    long[] sum = sums[place.partition()];
    sum[0]++;
    sum[1] += place.offset();
    if (appended.effect() == Event.Effect.PUT) {
      sum[2] += appended.row().version();
      sum[3] += appended.row().more().values().stream().mapToLong(Long::longValue).sum();
    }
  }

  public long events(long[] cursors) {
    long[] events = new long[1];
    each(cursors, (place, event) -> events[0]++);
    return events[0];
  }

  private interface Visit {
    void event(Load.Place place, Event event);
  }

  private void each(long[] cursors, Visit visit) {
    each(start, cursors, visit);
  }

  private void each(long[] from, long[] cursors, Visit visit) {
    for (int p = 0; p < from.length; p++) {
      for (long offset = from[p]; offset < cursors[p]; offset++) {
        if (!isLost(p, offset)) {
          visit.event(new Load.Place(p, offset), log.partition(p).get((int) offset));
        }
      }
    }
  }

  private void apply(Load.Place place, Event event) {
    switch (event.effect()) {
      case PUT -> {
        if (filter.test(event.row())) {
          shape.of(event.row(), place).ifPresent(row -> rows.put(event.key(), row));
        } else {
          rows.remove(event.key());
        }
      }
      case DELETE -> rows.remove(event.key());
      case POISON -> {}
    }
  }
}
