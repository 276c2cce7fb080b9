package dev.millrace.needs.transform;

import dev.millrace.needs.event.Event;
import dev.millrace.needs.event.EventFailed;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.filter.EvaluationFailed;
import dev.millrace.needs.filter.Filter;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last version of each key. */
final class UpsertTransform implements Transform {
  private static final Outcome PASS = new Outcome.Pass();

  private final Optional<Filter> filter;
  private final Projection projection;
  private final KeyReader keys;
  private final boolean insertOnly;

  UpsertTransform(
      Optional<Filter> filter, Projection projection, KeyReader keys, boolean insertOnly) {
    this.filter = filter;
    this.projection = projection;
    this.keys = keys;
    this.insertOnly = insertOnly;
  }

  @Override
  public Outcome apply(
      int partition, long offset, byte @Nullable [] key, @Nullable RawEvent value) {
    if (key == null) {
      return new Outcome.Dead("KeyMissing", "", "the record has no key", "");
    }
    Event event = null;
    try {
      keys.check(key);
      if (value == null) {
        return new Outcome.Delete(keys.of(key));
      }
      event = value.read();
      keys.agree(key, event);
      if (filter.isPresent() && !filter.get().matches(event)) {
        return insertOnly ? PASS : new Outcome.Leave(keys.of(key));
      }
      return new Outcome.Put(keys.of(key), projection.row(event, partition, offset));
    } catch (KeyReader.KeyFailed e) {
      return new Outcome.Dead(e.code(), "", e.getMessage(), excerpt(event));
    } catch (EventFailed e) {
      return new Outcome.Dead(e.code(), "", e.getMessage(), "");
    } catch (EvaluationFailed e) {
      return new Outcome.Dead(e.code(), e.field(), "filter: " + e.getMessage(), excerpt(event));
    } catch (Projection.CellFailed e) {
      return new Outcome.Dead(e.code(), e.field(), e.getMessage(), excerpt(event));
    }
  }

  @Override
  public Selection among(SharedEvents events) {
    if (filter.isEmpty() || !keys.canBeUsual() || (keys.isMasked() && !insertOnly)) {
      return Selection.ALL;
    }
    BitSet candidates = filter.get().candidates(events.terms());
    KeyIndex known = candidates == null ? null : events.keys(keys);
    if (candidates == null || known == null) {
      return Selection.ALL;
    }
    candidates.or(known.unusual());
    return insertOnly
        ? Selection.passing(candidates)
        : Selection.leaving(candidates, known.digests());
  }

  private String excerpt(@Nullable Event event) {
    return event == null ? "" : projection.excerpt(event);
  }
}
