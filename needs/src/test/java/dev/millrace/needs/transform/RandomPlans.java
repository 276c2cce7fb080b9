package dev.millrace.needs.transform;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.filter.RandomExpressions;
import dev.millrace.needs.filter.RandomOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Plans over {@link RandomOrders}. */
final class RandomPlans {
  private RandomPlans() {}

  static PipelinePlan plan(Random random, @Nullable String filter, RandomExpressions expressions)
      throws Exception {
    boolean append = random.nextInt(3) == 0;
    List<PipelinePlan.Column> columns = new ArrayList<>();
    columns.add(new PipelinePlan.Column("id", "id", null, "text", !append, "None"));
    add(columns, random, "name", "text", random.nextBoolean() ? "Hash" : "None");
    add(columns, random, "day", "date", "None");
    add(columns, random, "total", random.nextBoolean() ? "decimal(12,2)" : "float64", "None");
    add(columns, random, "count", random.nextBoolean() ? "int64" : "int32", "None");
    add(columns, random, "paid", "boolean", "None");
    add(columns, random, "at", "timestamp", "None");
    add(columns, random, "customer", "json", "None");
    add(columns, random, "customer.email", "text", "Partial");
    add(columns, random, "customer.address.floor", "text", "None");
    add(columns, random, "tags", "json", "None");
    add(columns, random, "extra", random.nextBoolean() ? "text" : "json", "None");
    if (random.nextBoolean()) {
      String type =
          List.of("text", "int64", "float64", "json", "decimal(20,3)").get(random.nextInt(5));
      columns.add(
          new PipelinePlan.Column("computed", null, expressions.expression(), type, false, "None"));
    }
    return new PipelinePlan(
        new ObjectKey("t", "s"),
        "uid",
        1,
        List.of("cel"),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("t", "p"),
            "t.p",
            "id",
            "cluster",
            1,
            Json.STRICT.readTree(RandomOrders.SCHEMA),
            "id",
            random.nextBoolean()),
        filter,
        columns,
        append ? "Append" : "Upsert",
        new PipelinePlan.Target(
            "Postgres",
            new ObjectKey("t", "s"),
            "127.0.0.1",
            1,
            "d",
            "disable",
            "writer/t/s",
            new PipelinePlan.Table("public", "s", List.of()),
            null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L),
        Map.of(0, 0L),
        null);
  }

  private static void add(
      List<PipelinePlan.Column> columns, Random random, String field, String type, String mask) {
    if (random.nextInt(4) == 0) {
      columns.add(new PipelinePlan.Column(field.replace('.', '_'), field, null, type, false, mask));
    }
  }
}
