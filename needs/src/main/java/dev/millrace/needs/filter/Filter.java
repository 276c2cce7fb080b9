package dev.millrace.needs.filter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.needs.event.Event;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.FieldType;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression that says yes or no. This is where a subscription's filter is compiled. */
public final class Filter {
  private final Expression expression;

  private Filter(Expression expression) {
    this.expression = expression;
  }

  /**
   * @throws ExpressionRejected also when it gives something else than true or false
   */
  public static Filter compile(String source, EventSchema schema) throws ExpressionRejected {
    Expression expression = Expression.compile(source, schema);
    if (!(expression.result() instanceof FieldType.Bool)
        && !(expression.result() instanceof FieldType.Any)) {
      throw new ExpressionRejected(
          List.of(
              new ExpressionRejected.Mistake(
                  "NotBoolean",
                  "a filter says true or false; this one gives " + expression.result().spelled(),
                  "Compare it with something, such as == or >=.")));
    }
    return new Filter(expression);
  }

  /** What it evaluates. */
  public Expression expression() {
    return expression;
  }

  /**
   * @throws EvaluationFailed when it has no answer for this event; that is neither yes nor no
   */
  public boolean matches(Event event) throws EvaluationFailed {
    return answer(expression.evaluate(event));
  }

  /**
   * Which of some events it may match, or fail on; it is false of all others.
   *
   * @param indexes of these events, shared with others that read them
   * @return null when that is not known; otherwise the caller's own
   */
  public @Nullable BitSet candidates(TermIndexes indexes) {
    return expression.candidates(indexes);
  }

  /** The same by the reference evaluator alone. */
  public boolean matches(JsonNode event) throws EvaluationFailed {
    return answer(expression.evaluate(event));
  }

  private static boolean answer(Object value) throws EvaluationFailed {
    if (value instanceof Boolean yes) {
      return yes;
    }
    throw new EvaluationFailed("FilterFailed", "", "the filter gave no true or false");
  }
}
