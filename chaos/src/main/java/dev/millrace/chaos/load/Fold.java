package dev.millrace.chaos.load;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
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
  private final SortedMap<String, Row> rows = new TreeMap<>();
  private long[] at;

  /**
   * @param start the first offset that counts, by partition
   */
  public Fold(Log log, long[] start, Predicate<Row> filter) {
    this.log = log;
    this.start = start.clone();
    this.filter = filter;
    this.at = start.clone();
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
        apply(log.partition(p).get((int) at[p]));
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

  /** What a table that keeps every event holds; a deletion is a row without values. */
  public Map<Load.Place, Event> appended(long[] cursors) {
    Map<Load.Place, Event> events = new TreeMap<>();
    each(
        cursors,
        (place, event) -> {
          if (event.effect() != Event.Effect.POISON) {
            events.put(place, event);
          }
        });
    return events;
  }

  public long events(long[] cursors) {
    return Arrays.stream(cursors).sum() - Arrays.stream(start).sum();
  }

  private interface Visit {
    void event(Load.Place place, Event event);
  }

  private void each(long[] cursors, Visit visit) {
    for (int p = 0; p < start.length; p++) {
      for (long offset = start[p]; offset < cursors[p]; offset++) {
        visit.event(new Load.Place(p, offset), log.partition(p).get((int) offset));
      }
    }
  }

  private void apply(Event event) {
    switch (event.effect()) {
      case PUT -> {
        if (filter.test(event.row())) {
          rows.put(event.key(), event.row());
        } else {
          rows.remove(event.key());
        }
      }
      case DELETE -> rows.remove(event.key());
      case POISON -> {}
    }
  }
}
