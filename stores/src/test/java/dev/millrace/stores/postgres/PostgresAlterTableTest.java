package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.column.ColumnTypes;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.stores.Feed;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Rebuilds;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreUnderTest;
import dev.millrace.stores.network.StatementProxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a table keeps it from being altered, and what it costs. */
class PostgresAlterTableTest extends Rebuilds {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("alter_tables");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }

  @Test
  void viewsAndGrantsStayWhenAColumnIsAdded() throws Exception {
    PipelinePlan live = provisioned(NAMED);
    write(live, put("a", "1"));
    String table = TableShape.of(live).quoted();
    database("CREATE VIEW kept_v AS SELECT * FROM " + table);
    PipelinePlan next = altered(live, NOTED);
    try {
      driver().checkAlter(STORE.site(), next);
      driver().alter(STORE.site(), next);

      assertThat(text("SELECT string_agg(id, ',') FROM kept_v")).isEqualTo("a");
      assertThat(text("SELECT count(*)::text FROM " + table + " WHERE note IS NULL"))
          .isEqualTo("1");
    } finally {
      database("DROP VIEW kept_v");
    }
  }

  @Test
  void aRowOfAppendFromBeforeAColumnCameHasNone() throws Exception {
    PipelinePlan live = provisioned(plan -> NAMED.apply(plan).append());
    write(live, new Feed(0).add("a", "1"));
    PipelinePlan next = altered(live, plan -> NOTED.apply(plan).append());
    driver().alter(STORE.site(), next);

    write(next, new Feed(0, 1).add("b", "2").add("c", "3", "n").addDeleted(3));

    assertThat(
            TestServer.lines(
                STORE.site().database(),
                "SELECT concat_ws(',', id, name, note, _offset, _deleted) FROM "
                    + TableShape.of(next).quoted()
                    + " ORDER BY _offset"))
        .containsExactly("a,1,0,f", "b,2,1,f", "c,3,n,2,f", "3,t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CREATE VIEW own.v AS SELECT price FROM $T | own.v
          CREATE MATERIALIZED VIEW own.v AS SELECT price FROM $T | own.v
          CREATE POLICY own ON $T USING (price > 0) | policy own
          ALTER TABLE $T ADD own numeric GENERATED ALWAYS AS (price) STORED | own
          """)
  void whatUsesAColumnThatIsWidenedIsNamedAndNothingChanges(String made, String named)
      throws Exception {
    PipelinePlan live = provisioned(priced("decimal(10,2)"));
    String table = TableShape.of(live).quoted();
    PipelinePlan next = altered(live, priced("decimal(12,2)"));
    try {
      database("CREATE SCHEMA own", made.replace("$T", table));
      List<String> before = STORE.inventory();

      StoreProblem found =
          assertProblem("AlterBlocked", () -> driver().checkAlter(STORE.site(), next));
      StoreProblem met = assertProblem("AlterBlocked", () -> driver().alter(STORE.site(), next));

      assertThat(found.getMessage()).contains(named).isEqualTo(met.getMessage());
      assertThat(found.remedy()).contains("Drop it");
      assertThat(found.passing()).isFalse();
      assertThat(STORE.inventory()).isEqualTo(before);
    } finally {
      database("DROP SCHEMA own CASCADE");
      driver().withdraw(STORE.site(), live, false);
    }
  }

  @Test
  void aColumnOfSomebodyElsesIsNotWrittenInto() throws Exception {
    PipelinePlan live = provisioned(NAMED);
    write(live, put("a", "1"));
    String table = TableShape.of(live).quoted();
    database("ALTER TABLE " + table + " ADD note text DEFAULT 'mine'");

    StoreProblem blocked =
        assertProblem("AlterBlocked", () -> driver().alter(STORE.site(), altered(live, NOTED)));

    assertThat(blocked.getMessage()).contains("\"note\"", "did not make");
    assertThat(text("SELECT note FROM " + table)).isEqualTo("mine");
  }

  @Test
  void aNameThatEveryTableHasIsNamed() throws Exception {
    PipelinePlan live = provisioned(NAMED);

    StoreProblem blocked =
        assertProblem(
            "AlterBlocked",
            () ->
                driver()
                    .checkAlter(
                        STORE.site(),
                        altered(live, plan -> NAMED.apply(plan).column("xmin", "text"))));

    assertThat(blocked.getMessage()).contains("xmin");
  }

  @Test
  void aTableThatSomebodyHasLockedIsTriedAgainLater() throws Exception {
    PipelinePlan live = provisioned(NAMED);
    String table = TableShape.of(live).quoted();
    List<String> before = STORE.inventory();
    try (Connection reader = TestServer.connect(STORE.site().database());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("LOCK TABLE " + table + " IN ACCESS SHARE MODE");

      StoreProblem locked =
          assertProblem("TableLocked", () -> driver().alter(STORE.site(), altered(live, NOTED)));

      assertThat(locked.passing()).isTrue();
      assertThat(STORE.inventory()).isEqualTo(before);
    }
    driver().alter(STORE.site(), altered(live, NOTED));
  }

  @Test
  void neitherTableNorIndexIsWrittenForAWiderColumn() throws Exception {
    UnaryOperator<PlanBuilder> narrow = priced("decimal(10,2)");
    PipelinePlan live = provisioned(narrow);
    write(live, put("a", new BigDecimal("1.50")));
    String table = TableShape.of(live).quoted();
    database("CREATE INDEX alter_price ON " + table + " (price)");
    String files =
        "SELECT string_agg(pg_relation_filenode(indexrelid)::text, ',' ORDER BY indexrelid)"
            + " || ',' || pg_relation_filenode('"
            + table
            + "') FROM pg_index WHERE indrelid = '"
            + table
            + "'::regclass";
    String before = text(files);

    driver().alter(STORE.site(), altered(live, priced("decimal(14,2)")));

    assertThat(text(files)).isEqualTo(before);
    assertThat(
            text(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '"
                    + table
                    + "'::regclass AND attname = 'price'"))
        .isEqualTo("numeric(14,2)");
  }

  @Test
  void oneThatIsCutOffAnywhereHappensOnceOrNotAtAll() throws Exception {
    TreeSet<String> outcomes = new TreeSet<>();
    try (StatementProxy proxy = new StatementProxy(TestServer.PORT)) {
      for (int statement = 1; ; statement++) {
        PipelinePlan live = provisioned(NAMED);
        write(live, put("a", "1"));
        PipelinePlan next = altered(live, NOTED);
        proxy.cutAt(statement);
        if (!isCutOff(proxy, next)) {
          break;
        }
        outcomes.add(state(live));
        driver().alter(proxy.in(STORE.site()), next);
        assertThat(state(live)).as("cut at %d", statement).isEqualTo("2 id,name,note");
      }
    }
    assertThat(outcomes).containsExactly("1 id,name", "2 id,name,note");
  }

  private boolean isCutOff(StatementProxy proxy, PipelinePlan next) throws StoreProblem {
    try {
      driver().alter(proxy.in(STORE.site()), next);
      assertThat(proxy.mend()).isFalse();
      return false;
    } catch (StoreProblem problem) {
      assertThat(proxy.mend()).as(problem.getMessage()).isTrue();
      assertThat(problem.code()).isEqualTo("StoreUnavailable");
      return true;
    }
  }

  /** Definition and columns. */
  private static String state(PipelinePlan plan) throws SQLException {
    return text(
        "SELECT definition || ' ' || (SELECT string_agg(attname, ',' ORDER BY attname)"
            + " FROM pg_attribute WHERE attrelid = '"
            + TableShape.of(plan).quoted()
            + "'::regclass AND attnum > 0) FROM millrace.cursor WHERE subscription = '"
            + plan.uid()
            + "'");
  }

  /** The server is asked of every pair of types, so that the fact is one. */
  @Test
  void whatIsSaidToWidenIsWhatTheServerDoesInItsCatalogue() throws Exception {
    List<String> types =
        List.of(
            "text",
            "int32",
            "int64",
            "float64",
            "decimal(10,2)",
            "decimal(12,2)",
            "decimal(12,4)",
            "boolean",
            "date",
            "timestamp",
            "uuid",
            "json");
    for (String from : types) {
      for (String to : types) {
        ColumnType was = ColumnTypes.parse(from).orElseThrow();
        ColumnType is = ColumnTypes.parse(to).orElseThrow();
        if (driver().widens(was, is)) {
          assertThat(isRewritten(SqlTypes.name(was), SqlTypes.name(is)))
              .as(from + " to " + to)
              .isFalse();
        }
      }
    }
    assertThat(driver().widens(new ColumnType.Int32(), new ColumnType.Int64())).isFalse();
    assertThat(isRewritten("integer", "bigint")).isTrue();
    assertThat(isRewritten("numeric(10,2)", "numeric(12,4)")).isTrue();
  }

  private static boolean isRewritten(String from, String to) throws SQLException {
    database("CREATE TABLE rewritten (a " + from + ")");
    try {
      String before = text("SELECT pg_relation_filenode('rewritten')::text");
      database("ALTER TABLE rewritten ALTER a TYPE " + to);
      return !text("SELECT pg_relation_filenode('rewritten')::text").equals(before);
    } finally {
      database("DROP TABLE rewritten");
    }
  }

  private PipelinePlan provisioned(UnaryOperator<PlanBuilder> shape) throws StoreProblem {
    PipelinePlan plan = shape.apply(STORE.plan(fresh())).build();
    provision(plan);
    return plan;
  }

  private PipelinePlan altered(PipelinePlan live, UnaryOperator<PlanBuilder> to) {
    return Alterations.altered(live, copy(live, to, 2), Map.of(0, 10L));
  }

  private static UnaryOperator<PlanBuilder> priced(String type) {
    return plan -> plan.key("id", "text").column("price", type).partitions(1);
  }

  private static void database(String... statements) throws SQLException {
    TestServer.run(STORE.site().database(), statements);
  }

  private static String text(String sql) throws SQLException {
    return TestServer.lines(STORE.site().database(), sql).get(0);
  }
}
