package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Feed;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A swap in a store that was brought: no admin, only what docs/external-stores.md asks for. */
class PostgresSwapExternalTest {
  private static final String DATABASE = "swap_brought";
  private static final Credentials WRITER = new Credentials("swap_writer", "w-secret");
  private static final Credentials READER = new Credentials("swap_reader", "r-secret");

  private final StoreDriver driver = new PostgresDriver();
  private List<String> before = List.of();

  @BeforeEach
  void bring() throws SQLException {
    TestServer.run(
        "postgres",
        "CREATE DATABASE swap_brought",
        "CREATE ROLE swap_writer LOGIN PASSWORD 'w-secret'",
        "CREATE ROLE swap_reader LOGIN PASSWORD 'r-secret'");
    TestServer.run(
        DATABASE,
        "CREATE SCHEMA millrace AUTHORIZATION swap_writer",
        "GRANT USAGE, CREATE ON SCHEMA public TO swap_writer",
        "GRANT TEMPORARY ON DATABASE swap_brought TO swap_writer");
    before = TestServer.inventory(DATABASE);
  }

  @AfterEach
  void takeAway() throws SQLException {
    TestServer.run(
        "postgres",
        "DROP DATABASE swap_brought WITH (FORCE)",
        "DROP ROLE swap_reader, swap_writer");
  }

  @Test
  void theDocumentedGrantsAreEnoughForBothShapes() throws Exception {
    PipelinePlan live = plan("orders", "public", "orders", 1, "a", "b");
    driver.provision(site(), live, new Reader.Brought(READER.username()));
    write(live, "1");
    PipelinePlan merged = rebuild(live, 2, "a", "b");
    assertThat(read("SELECT b FROM orders")).isEqualTo("2");
    PipelinePlan moved = rebuild(merged, 3, "a", "c");
    assertThat(read("SELECT c FROM orders")).isEqualTo("3");

    driver.withdraw(site(), moved, false);

    assertThat(TestServer.inventory(DATABASE)).isEqualTo(before);
  }

  /** What it does may not be seen by this login, so it might hold an old snapshot. */
  @Test
  void anyOldTransactionOfSomebodyElsesHoldsAReplacementUp() throws Exception {
    PipelinePlan live = plan("orders", "public", "orders", 1, "a", "b");
    driver.provision(site(), live, new Reader.Brought(READER.username()));
    write(live, "1");
    try (Connection other = TestServer.connect(READER, DATABASE);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SET LOCAL statement_timeout = 0");

      assertThatThrownBy(() -> rebuild(live, 2, "a", "c"))
          .isInstanceOfSatisfying(
              StoreProblem.class, problem -> assertThat(problem.code()).isEqualTo("TableLocked"));

      assertThat(read("SELECT b FROM orders")).isEqualTo("1");
    }
    rebuild(live, 2, "a", "c");
    assertThat(read("SELECT c FROM orders")).isEqualTo("2");
  }

  private PipelinePlan rebuild(PipelinePlan live, long definition, String... columns)
      throws Exception {
    PipelinePlan shadow = plan("orders~rebuild", "millrace", "rebuild_abcdef", definition, columns);
    PipelinePlan next = plan("orders", "public", "orders", definition, columns);
    driver.checkSwap(site(), live, next);
    driver.provision(site(), shadow, new Reader.None());
    if (driver.cursors(site(), shadow).get(0).nextOffset() == 0) {
      write(shadow, Long.toString(definition));
    }
    driver.swap(site(), live, shadow, next);
    return next;
  }

  private void write(PipelinePlan plan, String value) throws Exception {
    try (Sink sink = driver.sink(site(), plan, "w")) {
      sink.take(plan.start().keySet());
      sink.write(new Feed(0).put("k", value).batch());
    }
  }

  private static String read(String sql) throws SQLException {
    try (Connection connection = TestServer.connect(READER, DATABASE);
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private static StoreSite site() {
    return new StoreSite(
        new ObjectKey("sales", "brought"),
        "Postgres",
        "127.0.0.1",
        TestServer.PORT,
        DATABASE,
        "disable",
        Optional.empty(),
        WRITER);
  }

  private static PipelinePlan plan(
      String name, String schema, String table, long definition, String... columns) {
    return new PlanBuilder(
            name,
            new PipelinePlan.Target(
                "Postgres",
                new ObjectKey("sales", "brought"),
                "127.0.0.1",
                TestServer.PORT,
                DATABASE,
                "disable",
                "writer/sales/brought",
                new PipelinePlan.Table(schema, table, List.of()),
                null))
        .definition(definition)
        .partitions(1)
        .key(columns[0], "text")
        .column(columns[1], "text")
        .build();
  }
}
