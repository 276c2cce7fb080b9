package dev.millrace.needs.explain;

import dev.millrace.api.ask.Explanation.EvaluatedExpression;
import dev.millrace.api.ask.Explanation.ExtractedField;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.filter.Expression;
import dev.millrace.needs.filter.ExpressionRejected;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.SchemaRejected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan makes a worker read of an event and evaluate on it, without running it.
 *
 * @param fields in the order in which a worker first reads them
 * @param expressions the filter first
 * @param deletesWhatLeaves an event that does not match the filter deletes its row
 */
public record PlannedWork(
    List<ExtractedField> fields, List<EvaluatedExpression> expressions, boolean deletesWhatLeaves) {

  public static PlannedWork of(PipelinePlan plan) {
    return new Gathering(plan).work();
  }

  private static final class Gathering {
    private final PipelinePlan plan;
    private final Map<String, List<String>> uses = new LinkedHashMap<>();
    private final List<EvaluatedExpression> expressions = new ArrayList<>();

    Gathering(PipelinePlan plan) {
      this.plan = plan;
    }

    /** In a worker's order: what the record key must agree with, the filter, and then the row. */
    PlannedWork work() {
      boolean upsert = plan.mode().equals("Upsert");
      if (upsert) {
        read(plan.source().key(), "key");
      }
      if (plan.filter() != null) {
        evaluated(plan.filter(), "filter");
      }
      for (PipelinePlan.Column column : plan.columns()) {
        if (column.expr() != null) {
          evaluated(column.expr(), "column " + column.name());
        } else if (column.field() != null) {
          read(column.field(), "column " + column.name());
        }
      }
      return new PlannedWork(
          uses.entrySet().stream()
              .map(each -> new ExtractedField(each.getKey(), List.copyOf(each.getValue())))
              .toList(),
          List.copyOf(expressions),
          upsert && plan.filter() != null && !plan.source().insertOnly());
    }

    private void read(String field, String use) {
      uses.computeIfAbsent(field, none -> new ArrayList<>()).add(use);
    }

    private void evaluated(String source, String of) {
      try {
        Expression expression = Expression.compile(source, EventSchema.of(plan.source().schema()));
        expression.fields().forEach(field -> read(field, of));
        add(of, source, expression.isCompiled(), expression.whyNotCompiled().orElse(null));
      } catch (ExpressionRejected | SchemaRejected e) {
        add(of, source, false, "a worker of this version refuses it: " + e.getMessage());
      }
    }

    private void add(String of, String source, boolean compiled, @Nullable String why) {
      expressions.add(new EvaluatedExpression(of, source, compiled, why));
    }
  }
}
