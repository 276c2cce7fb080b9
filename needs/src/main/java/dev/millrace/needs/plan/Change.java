package dev.millrace.needs.plan;

import dev.millrace.api.plan.PipelinePlan;
import java.util.List;

/**
 * What becomes of a pipeline that is wanted otherwise than it runs.
 *
 * @param columns those it is to have; in whatever order, and as if they had always been so
 * @param bySchema what the product's schema changed of its content, in words
 * @param withheld classified fields of the schema that are not taken on unasked
 */
public record Change(
    Way way, List<PipelinePlan.Column> columns, List<String> bySchema, List<String> withheld) {

  public enum Way {
    /** It leaves what it left. */
    NONE,
    /** The store takes it on where it is: columns are added or widened. */
    ALTER,
    /** The content is built anew. */
    REBUILD,
    /** It stops, and somebody has to decide. */
    STOP
  }

  public Change {
    columns = List.copyOf(columns);
    bySchema = List.copyOf(bySchema);
    withheld = List.copyOf(withheld);
  }
}
