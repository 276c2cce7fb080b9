package dev.millrace.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.util.List;
import java.util.Map;

/** Plans of a pipeline into a table, which differ in their definition. */
final class Plans {
  private Plans() {}

  static PipelinePlan of(ObjectKey key, long definition) {
    return of(key, definition, "host", "db");
  }

  static PipelinePlan of(ObjectKey key, long definition, String host, String database) {
    return new PipelinePlan(
        key,
        "uid",
        definition,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("sales", "orders"),
            "sales.orders",
            "topic",
            "cluster",
            1,
            JsonNodeFactory.instance.objectNode(),
            "id",
            false),
        null,
        List.of(),
        "Upsert",
        new PipelinePlan.Target(
            "Postgres", key, host, 1, database, "disable", "writer", null, null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L),
        Map.of(0, 0L),
        null);
  }
}
