package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.stores.PlanBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCheckTest {
  private final PostgresDriver driver = new PostgresDriver();

  @Test
  void aColumnThatEveryTableHasIsReserved() {
    assertThat(findings(plan().key("id", "text").column("xmin", "int32").column("XMIN", "int32")))
        .extracting(Finding::pointer, Finding::code)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("/spec/select/1/as", "NameReserved"));
  }

  @Test
  void aRowThatFitsNoPageIsRefused() {
    assertThat(findings(wide("text", 400))).isEmpty();
    assertThat(findings(wide("int64", 900))).isEmpty();
    assertThat(findings(wide("text", 500)))
        .extracting(Finding::code)
        .containsExactly("TooManyColumns");
    assertThat(findings(wide("boolean", 1_600)))
        .extracting(Finding::code)
        .containsExactly("TooManyColumns");
  }

  @Test
  void jsonIsNotIndexed() {
    PipelinePlan.Target target = target(List.of(List.of("id"), List.of("id", "j")));
    assertThat(findings(new PlanBuilder("p", target).key("id", "text").column("j", "json")))
        .extracting(Finding::pointer, Finding::code)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("/spec/store/table/indexes/1", "NotIndexable"));
  }

  @Test
  void theTableIsDescribedAsTheStatementsThatMakeIt() {
    PipelinePlan plan =
        new PlanBuilder("orders", target(List.of(List.of("email"), List.of("email"))))
            .key("id", "int64")
            .column("email", "text")
            .column("total", "decimal(12,2)")
            .column("at", "timestamp")
            .column("lines", "json")
            .build();
    assertThat(driver.describe(plan))
        .isEqualTo(
            """
            CREATE TABLE "public"."orders" (
              "id" bigint NOT NULL,
              "email" text,
              "total" numeric(12,2),
              "at" timestamp with time zone,
              "lines" jsonb,
              PRIMARY KEY ("id")
            );

            COMMENT ON TABLE "public"."orders" IS 'Kept by Millrace for the subscription sales/orders';

            CREATE INDEX "orders_email_f5b74dcc" ON "public"."orders" ("email");
            """);
  }

  @Test
  void anAppendingTableHasThePlaceOfEachEvent() {
    assertThat(driver.describe(plan().column("id", "text").append().build()))
        .contains("\"_partition\" integer NOT NULL")
        .contains("\"_offset\" bigint NOT NULL")
        .contains("\"_deleted\" boolean NOT NULL")
        .contains("PRIMARY KEY (\"_partition\", \"_offset\")");
  }

  @Test
  void namesOfIndexesFitAndDiffer() {
    String a = "a".repeat(63);
    String b = "a".repeat(62) + "b";
    PipelinePlan plan =
        new PlanBuilder("p", target(List.of(List.of(a), List.of(b), List.of(a, b))))
            .key(a, "text")
            .column(b, "text")
            .build();
    List<String> names =
        java.util.regex.Pattern.compile("INDEX \"([^\"]+)\"")
            .matcher(driver.describe(plan))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(names).hasSize(3).doesNotHaveDuplicates().allMatch(name -> name.length() <= 63);
  }

  private List<Finding> findings(PlanBuilder builder) {
    return driver.check(builder.build());
  }

  private static PlanBuilder wide(String type, int columns) {
    PlanBuilder builder = plan().key("id", "text");
    for (int i = 0; i < columns; i++) {
      builder.column("c" + i, type);
    }
    return builder;
  }

  private static PlanBuilder plan() {
    return new PlanBuilder("orders", target(List.of()));
  }

  private static PipelinePlan.Target target(List<List<String>> indexes) {
    return new PipelinePlan.Target(
        "Postgres",
        new dev.millrace.api.ObjectKey("sales", "orders"),
        "127.0.0.1",
        5432,
        "sales__orders",
        "disable",
        "writer/sales/orders",
        new PipelinePlan.Table("public", "orders", indexes),
        null);
  }
}
