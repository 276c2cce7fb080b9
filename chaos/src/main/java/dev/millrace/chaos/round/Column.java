package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Fields;
import dev.millrace.chaos.load.Load;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column beside those that every row shows.
 *
 * @param type as a schema or a selection says it
 * @param since by partition, the first offset of which it is so; null for all
 * @param before what it was until then; null when it was not there
 */
record Column(String name, String type, long @Nullable [] since, @Nullable Column before) {
  static final Column AGAIN = new Column("again", "integer");

  private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+),2\\)");

  /** One that has always been so. */
  Column(String name, String type) {
    this(name, type, null, null);
  }

  static Column amount(int precision) {
    return new Column(Fields.AMOUNT, "decimal(" + precision + ",2)");
  }

  Column since(long[] offsets, @Nullable Column was) {
    return new Column(name, type, offsets.clone(), was);
  }

  /** What it was for an event at this place; null when there was none. */
  private @Nullable Column at(Load.Place place) {
    Column column = this;
    while (column != null
        && column.since != null
        && place.offset() < column.since[place.partition()]) {
      column = column.before;
    }
    return column;
  }

  /** What it takes of an event at some place. */
  sealed interface Cell {
    /** The column was not there, or the event lacks the field. */
    record Empty() implements Cell {}

    record Holds(long value) implements Cell {}

    /** It is too large for what the column was. */
    record Misfit() implements Cell {}
  }

  Cell of(long event, Load.Place place) {
    Column then = at(place);
    Long value = then == null ? null : then.value(event);
    if (value == null) {
      return new Cell.Empty();
    }
    return then.takes(value) ? new Cell.Holds(value) : new Cell.Misfit();
  }

  private @Nullable Long value(long event) {
    return name.equals(AGAIN.name) ? (Long) event : Fields.value(name, event);
  }

  private boolean takes(long value) {
    Matcher decimal = DECIMAL.matcher(type);
    return !decimal.matches() || Fields.fits(name, value, Integer.parseInt(decimal.group(1)) - 2);
  }

  boolean isLike(Column other) {
    return name.equals(other.name) && type.equals(other.type);
  }
}
