package dev.millrace.chaos.load;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a store must hold when its cursors stand somewhere. It knows nothing of how Millrace works:
 * the last event of each key counts, unless that deletes or does not pass the filter.
 */
public final class Fold {
  private final Log log;
  private final long[] start;
  private final Predicate<Row> filter;
  private final UnaryOperator<Row> shape;
  private final SortedMap<String, Row> rows = new TreeMap<>();
  private final long[] lostFrom;
  private final long[] lostTo;
  private long[] at;

  /**
   * @param start the first offset that counts, by partition
   * @param shape from an event's row to what a subscription shows of it
   */
  public Fold(Log log, long[] start, Predicate<Row> filter, UnaryOperator<Row> shape) {
    this.log = log;
    this.start = start.clone();
    this.filter = filter;
    this.shape = shape;
    this.at = start.clone();
    this.lostFrom = start.clone();
    this.lostTo = start.clone();
  }

  /** Events from these offsets on, up to others, left the log unapplied, and nobody wants them. */
  public void lose(long[] from, long[] to) {
    System.arraycopy(from, 0, lostFrom, 0, from.length);
    System.arraycopy(to, 0, lostTo, 0, to.length);
    rows.clear();
    at = start.clone();
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
          apply(log.partition(p).get((int) at[p]));
        }
      }
    }
    return Collections.unmodifiableSortedMap(rows);
  }

  /** Where events lie that no store can take, before these offsets. */
  public SortedSet<Load.Place> poison(long[] cursors) {
    SortedSet<Load.Place> places = new TreeSet<>();
    each(
        cursors,
        (place, event) -> {
          if (event.effect() == Event.Effect.POISON) {
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
        (place, event) -> {
          if (isAppended(event)) {
            events.put(place, shown(event));
          }
        });
    return events;
  }

  /**
   * As much of such a table as can be looked at often: rows, the sum of their offsets, the sums of
   * their versions and of these a second time.
   *
   * @return four numbers for each partition
   */
  public long[][] tally(long[] cursors) {
    long[][] tally = new long[start.length][4];
    each(
        cursors,
        (place, event) -> {
          if (isAppended(event)) {
            boolean put = event.effect() == Event.Effect.PUT;
            Long again = put ? shape.apply(event.row()).again() : null;
            long[] sums = tally[place.partition()];
            sums[0]++;
            sums[1] += place.offset();
            sums[2] += put ? event.row().version() : 0;
            sums[3] += again == null ? 0 : again;
          }
        });
    return tally;
  }

  private boolean isAppended(Event event) {
    return switch (event.effect()) {
      case PUT -> filter.test(event.row());
      case DELETE -> true;
      case POISON -> false;
    };
  }

  private Event shown(Event event) {
    return new Event(event.number(), event.key(), event.effect(), shape.apply(event.row()));
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
    for (int p = 0; p < start.length; p++) {
      for (long offset = start[p]; offset < cursors[p]; offset++) {
        if (!isLost(p, offset)) {
          visit.event(new Load.Place(p, offset), log.partition(p).get((int) offset));
        }
      }
    }
  }

  private void apply(Event event) {
    switch (event.effect()) {
      case PUT -> {
        if (filter.test(event.row())) {
          rows.put(event.key(), shape.apply(event.row()));
        } else {
          rows.remove(event.key());
        }
      }
      case DELETE -> rows.remove(event.key());
      case POISON -> {}
    }
  }
}
