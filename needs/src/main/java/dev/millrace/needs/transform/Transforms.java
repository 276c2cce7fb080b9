package dev.millrace.needs.transform;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.filter.ExpressionRejected;
import dev.millrace.needs.filter.Filter;
import dev.millrace.needs.plan.Plans;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.FieldType;
import dev.millrace.needs.schema.SchemaRejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compiles plans. */
public final class Transforms {
  private Transforms() {}

  /**
   * Checks the plan again: it may come from a newer controller, or from someone who should not
   * write plans.
   *
   * @param hashKey 32 bytes, when a column is hashed
   * @throws PlanRejected when it requires what is not known here, or does not compile
   */
  public static Transform compile(PipelinePlan plan, Optional<byte[]> hashKey) throws PlanRejected {
    for (String feature : plan.requires()) {
      if (!Plans.FEATURES.contains(feature)) {
        throw new PlanRejected("it requires '" + feature + "', which this worker does not know");
      }
    }
    boolean upsert =
        switch (plan.mode()) {
          case "Upsert" -> true;
          case "Append" -> false;
          default -> throw new PlanRejected("unknown mode '" + plan.mode() + "'");
        };
    EventSchema schema = schema(plan);
    Optional<Filter> filter = filter(plan, schema);
    Projection projection = Projection.compile(plan, schema, hashKey);
    return upsert
        ? new UpsertTransform(
            filter, projection, keyReader(plan, schema, hashKey), plan.source().insertOnly())
        : new AppendTransform(filter, projection, keyColumns(plan, schema, hashKey));
  }

  private static EventSchema schema(PipelinePlan plan) throws PlanRejected {
    try {
      return EventSchema.of(plan.source().schema());
    } catch (SchemaRejected e) {
      throw new PlanRejected("its schema cannot be read: " + e.getMessage(), e);
    }
  }

  private static Optional<Filter> filter(PipelinePlan plan, EventSchema schema)
      throws PlanRejected {
    if (plan.filter() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Filter.compile(plan.filter(), schema));
    } catch (ExpressionRejected e) {
      throw new PlanRejected("its filter does not compile: " + e.getMessage(), e);
    }
  }

  private static KeyReader keyReader(
      PipelinePlan plan, EventSchema schema, Optional<byte[]> hashKey) throws PlanRejected {
    List<PipelinePlan.Column> keys =
        plan.columns().stream().filter(PipelinePlan.Column::key).toList();
    String field = plan.source().key();
    if (keys.size() != 1 || !field.equals(keys.get(0).field())) {
      throw new PlanRejected("in Upsert exactly the product's key field is the key");
    }
    return keyReader(keys.get(0), plan, schema, hashKey);
  }

  private static List<Optional<KeyReader>> keyColumns(
      PipelinePlan plan, EventSchema schema, Optional<byte[]> hashKey) throws PlanRejected {
    List<Optional<KeyReader>> readers = new ArrayList<>();
    for (PipelinePlan.Column column : plan.columns()) {
      readers.add(
          plan.source().key().equals(column.field())
              ? Optional.of(keyReader(column, plan, schema, hashKey))
              : Optional.empty());
    }
    return readers;
  }

  private static KeyReader keyReader(
      PipelinePlan.Column column, PipelinePlan plan, EventSchema schema, Optional<byte[]> hashKey)
      throws PlanRejected {
    FieldType type =
        schema
            .root()
            .field(plan.source().key())
            .orElseThrow(() -> new PlanRejected("its key field is not in the schema"))
            .type();
    return KeyReader.compile(column, type, plan.source().key(), hashKey);
  }
}
