package dev.millrace.needs.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.Json;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.column.ColumnTypes;
import dev.millrace.needs.column.Conversion;
import dev.millrace.needs.column.Misfit;
import dev.millrace.needs.event.Event;
import dev.millrace.needs.event.FieldPath;
import dev.millrace.needs.event.IndexedEvent;
import dev.millrace.needs.filter.EvaluationFailed;
import dev.millrace.needs.filter.Expression;
import dev.millrace.needs.filter.ExpressionRejected;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.needs.schema.EventSchema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** From an event to the values of the columns. */
final class Projection {
  private static final int LONGEST_EXCERPT = 200;

  private final List<Cell> cells;
  private final IndexLimit indexes;

  /** By partition, the offset from which all columns are what they are now. */
  private final long[] settled;

  private Projection(List<Cell> cells, IndexLimit indexes, long[] settled) {
    this.cells = cells;
    this.indexes = indexes;
    this.settled = settled;
  }

  /**
   * One column's way from the event to its value.
   *
   * @param before that of events before the column's {@code since}; null when there was none
   */
  private record Cell(
      PipelinePlan.Column column,
      FieldPath path,
      @Nullable Expression expression,
      ColumnType type,
      Conversion conversion,
      @Nullable Mask mask,
      @Nullable Cell before) {

    /** What the column was for an event at this place; null when there was none. */
    @Nullable Cell at(int partition, long offset) {
      Cell cell = this;
      while (cell != null
          && cell.column.since() != null
          && offset < cell.column.since().getOrDefault(partition, 0L)) {
        cell = cell.before;
      }
      return cell;
    }

    /**
     * The value of a column that takes the event's as it is: an integer of 64 bits, or a text that
     * is known to hold nothing forbidden. Null when it takes a closer look.
     */
    @Nullable Object plain(Event event) {
      if (expression != null || mask != null || !(event instanceof IndexedEvent indexed)) {
        return null;
      }
      int found = indexed.find(path);
      if (found < 0) {
        return null;
      }
      if (type instanceof ColumnType.Text && indexed.isPlainText(found)) {
        return indexed.text(found);
      }
      return type instanceof ColumnType.Int64 && indexed.isShortInteger(found)
          ? (Object) indexed.integer(found)
          : null;
    }
  }

  /** An event has no value for a column. */
  static final class CellFailed extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final String field;

    CellFailed(String code, String field, String message) {
      super(message, null, false, false);
      this.code = code;
      this.field = field;
    }

    String code() {
      return code;
    }

    String field() {
      return field;
    }
  }

  static Projection compile(PipelinePlan plan, EventSchema schema, Optional<byte[]> hashKey)
      throws PlanRejected {
    List<Cell> cells = new ArrayList<>();
    for (PipelinePlan.Column column : plan.columns()) {
      cells.add(cell(column, schema, hashKey));
    }
    return new Projection(List.copyOf(cells), IndexLimit.of(plan), settled(plan));
  }

  private static Cell cell(PipelinePlan.Column column, EventSchema schema, Optional<byte[]> hashKey)
      throws PlanRejected {
    ColumnType type =
        ColumnTypes.parse(column.type())
            .orElseThrow(() -> new PlanRejected("unknown column type '" + column.type() + "'"));
    return new Cell(
        column,
        FieldPath.dotted(column.field() == null ? "" : column.field()),
        expression(column, schema),
        type,
        new Conversion(type),
        column.mask().equals("None") ? null : Mask.named(column.mask(), hashKey),
        column.before() == null ? null : cell(column.before(), schema, hashKey));
  }

  private static long[] settled(PipelinePlan plan) {
    TreeMap<Integer, Long> all = new TreeMap<>(Alterations.settled(plan));
    long[] settled = new long[all.isEmpty() ? 0 : all.lastKey() + 1];
    all.forEach((partition, offset) -> settled[partition] = offset);
    return settled;
  }

  private static @Nullable Expression expression(PipelinePlan.Column column, EventSchema schema)
      throws PlanRejected {
    if (column.expr() == null) {
      return null;
    }
    try {
      return Expression.compile(column.expr(), schema);
    } catch (ExpressionRejected e) {
      throw new PlanRejected("column '" + column.name() + "': " + e.getMessage(), e);
    }
  }

  /**
   * @throws CellFailed naming the field, never its value
   */
  @Nullable Object[] row(Event event, int partition, long offset) throws CellFailed {
    if (partition < settled.length && offset < settled[partition]) {
      return earlierRow(event, partition, offset);
    }
    @Nullable Object[] row = new @Nullable Object[cells.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = value(cells.get(i), event);
    }
    refuseTooLong(row);
    return row;
  }

  /** As the columns were at this place. */
  private @Nullable Object[] earlierRow(Event event, int partition, long offset) throws CellFailed {
    @Nullable Object[] row = new @Nullable Object[cells.size()];
    int there = 0;
    for (int i = 0; i < row.length; i++) {
      Cell now = cells.get(i);
      Cell then = now.at(partition, offset);
      if (then != null) {
        row[i] = Conversion.widened(value(then, event), now.type());
        there = i + 1;
      }
    }
    refuseTooLong(row);
    return Arrays.copyOf(row, there);
  }

  private void refuseTooLong(@Nullable Object[] row) throws CellFailed {
    int tooLong = indexes.exceededBy(row);
    if (tooLong >= 0) {
      String subject = subject(cells.get(tooLong));
      throw new CellFailed(
          "OutOfRange", subject, subject + " is longer than the 2,000 bytes that an index takes");
    }
  }

  private static @Nullable Object value(Cell cell, Event event) throws CellFailed {
    Object plain = cell.plain(event);
    if (plain != null) {
      return plain;
    }
    JsonNode node = cell.expression() == null ? event.at(cell.path()) : computed(cell, event);
    if (node == null || node.isNull()) {
      return null;
    }
    try {
      Mask mask = cell.mask();
      Object value = cell.conversion().of(node);
      return mask == null || value == null ? value : mask.of((String) value);
    } catch (Misfit e) {
      throw new CellFailed(e.code(), subject(cell), subject(cell) + " " + e.getMessage());
    }
  }

  private static String subject(Cell cell) {
    return cell.column().field() != null ? cell.column().field() : cell.column().name();
  }

  private static JsonNode computed(Cell cell, Event event) throws CellFailed {
    try {
      Object value = cell.expression().evaluate(event);
      return value instanceof Instant instant
          ? JsonNodeFactory.instance.textNode(instant.toString())
          : value instanceof Double number && !Double.isFinite(number)
              ? notFinite(cell)
              : node(value);
    } catch (EvaluationFailed e) {
      throw new CellFailed(
          e.code().equals("FilterFailed") ? "ExpressionFailed" : e.code(),
          cell.column().name(),
          "computing " + cell.column().name() + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new CellFailed(
          "ExpressionFailed",
          cell.column().name(),
          "computing " + cell.column().name() + " gave a value that no column holds");
    }
  }

  /** As {@code valueToTree} makes it of a value, without writing and reading it as JSON. */
  static JsonNode node(Object value) {
    return switch (value) {
      case Long number -> JsonNodeFactory.instance.numberNode(number);
      case Double number ->
          JsonNodeFactory.instance.numberNode(BigDecimal.valueOf(number).stripTrailingZeros());
      case String text -> JsonNodeFactory.instance.textNode(text);
      case Boolean yes -> JsonNodeFactory.instance.booleanNode(yes);
      default -> Json.STRICT.valueToTree(value);
    };
  }

  private static JsonNode notFinite(Cell cell) throws CellFailed {
    throw new CellFailed(
        "OutOfRange",
        cell.column().name(),
        "computing " + cell.column().name() + " gave infinity or no number");
  }

  /** Only what the plan shows unmasked anyway, so that a dead letter gives nothing away. */
  String excerpt(Event event) {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    for (Cell cell : cells) {
      if (cell.mask() == null && cell.expression() == null) {
        JsonNode value = event.at(cell.path());
        if (value != null) {
          shown.set(cell.column().field(), value);
        }
      }
    }
    String text = shown.toString().replace("\\u0000", "");
    return text.length() <= LONGEST_EXCERPT ? text : text.substring(0, LONGEST_EXCERPT - 1) + "…";
  }
}
