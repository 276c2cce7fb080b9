package dev.millrace.needs.access;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.filter.Expression;
import dev.millrace.needs.filter.ExpressionRejected;
import dev.millrace.needs.schema.EventSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every field that is read, by a column, an expression or the filter, with all that is in it.
 *
 * @param fields path to the mask behind which it is read, the weakest where there are several; None
 *     for as it is
 */
public record Scope(Map<String, String> fields) {
  /** The path of whatever an event holds, whether the schema has it or not. */
  static final String WHOLE = "*";

  public Scope {
    fields = Map.copyOf(fields);
  }

  /**
   * @param schema that the expressions were written against
   * @param now the product's schema, which may have got fields inside others since
   */
  public static Scope of(
      List<PipelinePlan.Column> columns,
      Optional<String> filter,
      EventSchema schema,
      EventSchema now) {
    Map<String, String> fields = new TreeMap<>();
    for (PipelinePlan.Column column : columns) {
      if (column.field() != null) {
        add(fields, List.of(column.field()), column.mask(), now);
      } else if (column.expr() != null) {
        // What it computes is masked behind; but it may tell a field by a comparison.
        add(fields, read(column.expr(), schema, now), Masking.NONE, now);
      }
    }
    filter.ifPresent(expression -> add(fields, read(expression, schema, now), Masking.NONE, now));
    return new Scope(fields);
  }

  /** Of one path, with all that is in it. */
  static Scope of(Collection<String> paths, String mask, EventSchema now) {
    Map<String, String> fields = new TreeMap<>();
    add(fields, paths, mask, now);
    return new Scope(fields);
  }

  private static void add(
      Map<String, String> to, Collection<String> paths, String mask, EventSchema now) {
    for (String path : paths) {
      to.merge(path, mask, Masking::weaker);
      now.paths().stream()
          .filter(each -> isIn(each, path))
          .forEach(inner -> to.merge(inner, mask, Masking::weaker));
    }
  }

  static boolean isIn(String inner, String outer) {
    return inner.startsWith(outer + ".");
  }

  private static Collection<String> read(String expression, EventSchema schema, EventSchema now) {
    try {
      return read(Expression.compile(expression, schema), now);
    } catch (ExpressionRejected e) {
      // It may read anything, for all that is known.
      return everything(now);
    }
  }

  static Collection<String> read(Expression expression, EventSchema now) {
    return expression.readsWholeEvent() ? everything(now) : expression.fields();
  }

  private static Collection<String> everything(EventSchema now) {
    List<String> all = new ArrayList<>(now.paths());
    all.add(WHOLE);
    return all;
  }
}
