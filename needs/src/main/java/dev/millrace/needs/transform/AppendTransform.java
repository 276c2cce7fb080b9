package dev.millrace.needs.transform;

import dev.millrace.needs.event.Event;
import dev.millrace.needs.event.EventFailed;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.filter.EvaluationFailed;
import dev.millrace.needs.filter.Filter;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every event a row, tombstones too. A tombstone says in its key columns what was deleted, if the
 * record has a key; other events need none.
 */
final class AppendTransform implements Transform {
  private static final Outcome PASS = new Outcome.Pass();

  private final Optional<Filter> filter;
  private final Projection projection;
  private final List<Optional<KeyReader>> keys;

  /**
   * @param keys for each column how the record key becomes its value; empty where it does not
   */
  AppendTransform(Optional<Filter> filter, Projection projection, List<Optional<KeyReader>> keys) {
    this.filter = filter;
    this.projection = projection;
    this.keys = List.copyOf(keys);
  }

  @Override
  public Outcome apply(
      int partition, long offset, byte @Nullable [] key, @Nullable RawEvent value) {
    if (value == null) {
      return deleted(key);
    }
    Event event = null;
    try {
      event = value.read();
      if (filter.isPresent() && !filter.get().matches(event)) {
        return PASS;
      }
      return new Outcome.Add(projection.row(event, partition, offset), false);
    } catch (EventFailed e) {
      return new Outcome.Dead(e.code(), "", e.getMessage(), "");
    } catch (EvaluationFailed e) {
      return new Outcome.Dead(
          e.code(), e.field(), "filter: " + e.getMessage(), projection.excerpt(event));
    } catch (Projection.CellFailed e) {
      return new Outcome.Dead(e.code(), e.field(), e.getMessage(), projection.excerpt(event));
    }
  }

  @Override
  public Selection among(SharedEvents events) {
    BitSet candidates = filter.isPresent() ? filter.get().candidates(events.terms()) : null;
    return candidates == null ? Selection.ALL : Selection.passing(candidates);
  }

  private Outcome deleted(byte @Nullable [] key) {
    @Nullable Object[] row = new Object[keys.size()];
    try {
      for (int i = 0; key != null && i < row.length; i++) {
        row[i] = keys.get(i).isPresent() ? keys.get(i).get().of(key).values().get(0) : null;
      }
      return new Outcome.Add(row, true);
    } catch (KeyReader.KeyFailed e) {
      return new Outcome.Dead(e.code(), "", e.getMessage(), "");
    }
  }
}
