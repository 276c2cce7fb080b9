package dev.millrace.needs.transform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.needs.filter.EvaluationFailed;
import dev.millrace.needs.filter.Filter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every event a row, tombstones too. The record key need not be there. */
final class AppendTransform implements Transform {
  private static final Outcome PASS = new Outcome.Pass();

  private final Optional<Filter> filter;
  private final Projection projection;
  private final int width;

  AppendTransform(Optional<Filter> filter, Projection projection, int width) {
    this.filter = filter;
    this.projection = projection;
    this.width = width;
  }

  @Override
  public Outcome apply(byte @Nullable [] key, byte @Nullable [] value) {
    if (value == null) {
      return new Outcome.Add(new @Nullable Object[width], true);
    }
    JsonNode event = null;
    try {
      event = EventReader.read(value);
      if (filter.isPresent() && !filter.get().matches(event)) {
        return PASS;
      }
      return new Outcome.Add(projection.row(event), false);
    } catch (EventReader.EventFailed e) {
      return new Outcome.Dead(e.code(), "", e.getMessage(), "");
    } catch (EvaluationFailed e) {
      return new Outcome.Dead(
          e.code(), e.field(), "filter: " + e.getMessage(), projection.excerpt(event));
    } catch (Projection.CellFailed e) {
      return new Outcome.Dead(e.code(), e.field(), e.getMessage(), projection.excerpt(event));
    }
  }
}
