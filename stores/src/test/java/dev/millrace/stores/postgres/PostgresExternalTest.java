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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store that was brought: no admin, only what docs/external-stores.md asks to be granted. */
class PostgresExternalTest {
  private static final String DATABASE = "brought";
  private static final Credentials WRITER = new Credentials("brought_writer", "w-secret");
  private static final Credentials BROUGHT = new Credentials("brought_reader", "r-secret");
  private static final Credentials MADE = new Credentials("made_reader", "m-secret");
  private static final Pattern STATEMENT = Pattern.compile("superuser: ([^;]+);");

  private final StoreDriver driver = new PostgresDriver();
  private final PipelinePlan plan = plan("orders", "public");
  private List<String> before = List.of();

  @BeforeEach
  void bring() throws SQLException {
    TestServer.run(
        "postgres",
        "CREATE DATABASE brought",
        "REVOKE ALL ON DATABASE brought FROM PUBLIC",
        "CREATE ROLE brought_writer LOGIN PASSWORD 'w-secret'",
        "CREATE ROLE brought_reader LOGIN PASSWORD 'r-secret'",
        "GRANT CONNECT ON DATABASE brought TO brought_writer, brought_reader");
    TestServer.run(DATABASE, "CREATE TABLE others (a int)", "INSERT INTO others VALUES (1)");
  }

  @AfterEach
  void takeAway() throws SQLException {
    TestServer.run(
        "postgres",
        "DROP DATABASE brought WITH (FORCE)",
        "DROP ROLE IF EXISTS made_reader, brought_reader, brought_writer");
  }

  /** What docs/external-stores.md says, word for word but for the names. */
  private void grantAsDocumented() throws SQLException {
    TestServer.run(
        DATABASE,
        "GRANT CONNECT, TEMPORARY ON DATABASE brought TO brought_writer",
        "CREATE SCHEMA millrace AUTHORIZATION brought_writer",
        "GRANT USAGE, CREATE ON SCHEMA public TO brought_writer",
        "GRANT CONNECT ON DATABASE brought TO brought_reader");
    before = TestServer.inventory();
  }

  @Test
  void theDocumentedGrantsAreEnough() throws Exception {
    grantAsDocumented();
    provision(plan, new Reader.Brought(BROUGHT.username()));
    write(plan);
    assertThat(read(BROUGHT, "SELECT count(*) FROM orders")).isEqualTo("1001");
    assertThat(driver.cursors(site(), plan)).hasSize(2);
    assertThat(driver.rows(site(), plan, 10, Optional.empty()).entries()).hasSize(10);
    assertThat(driver.deadLetters(site(), plan, 10, Optional.empty()).entries()).hasSize(1);
    for (String forbidden : List.of("SELECT * FROM others", "SELECT * FROM millrace.cursor")) {
      assertThatThrownBy(() -> read(BROUGHT, forbidden)).hasMessageContaining("permission denied");
    }
  }

  @Test
  void afterTheLastSubscriptionTheCatalogueIsAsItWas() throws Exception {
    grantAsDocumented();
    PipelinePlan other = plan("customers", "public");
    provision(plan, new Reader.Brought(BROUGHT.username()));
    provision(other, new Reader.Brought(BROUGHT.username()));
    write(plan);
    driver.withdraw(site(), plan, false);
    assertThat(driver.cursors(site(), other)).hasSize(2);
    driver.withdraw(site(), other, false);
    driver.remove(site());
    assertThat(TestServer.inventory()).isEqualTo(before);
  }

  @Test
  void aKeptTableAndItsReadersRightAreAllThatStays() throws Exception {
    grantAsDocumented();
    provision(plan, new Reader.Brought(BROUGHT.username()));
    write(plan);
    driver.withdraw(site(), plan, true);
    List<String> left = new ArrayList<>(TestServer.inventory());
    left.removeAll(before);
    assertThat(left).isNotEmpty().allMatch(line -> line.contains("orders"));
    assertThat(read(BROUGHT, "SELECT count(*) FROM orders")).isEqualTo("1001");
  }

  @Test
  void withCreateroleReadersAreMadeAndGo() throws Exception {
    grantAsDocumented();
    TestServer.run("postgres", "ALTER ROLE brought_writer CREATEROLE");
    before = TestServer.inventory();
    TestServer.run(
        DATABASE, "GRANT CONNECT ON DATABASE brought TO brought_writer WITH GRANT OPTION");
    provision(plan, new Reader.Made(MADE));
    write(plan);
    assertThat(read(MADE, "SELECT count(*) FROM orders")).isEqualTo("1001");
    assertThatThrownBy(() -> read(MADE, "SELECT * FROM others"))
        .hasMessageContaining("permission denied");
    Credentials renewed = new Credentials(MADE.username(), "renewed");
    driver.rotate(site(), plan, renewed);
    assertThat(read(renewed, "SELECT count(*) FROM orders")).isEqualTo("1001");
    driver.withdraw(site(), plan, false);
    TestServer.run(
        DATABASE, "REVOKE GRANT OPTION FOR CONNECT ON DATABASE brought FROM brought_writer");
    assertThat(TestServer.inventory()).isEqualTo(before);
  }

  @Test
  void withCreateOnTheDatabaseTheSchemasAreMadeAndGo() throws Exception {
    TestServer.run(DATABASE, "GRANT TEMPORARY, CREATE ON DATABASE brought TO brought_writer");
    before = TestServer.inventory();
    PipelinePlan reporting = plan("orders", "reporting");
    provision(reporting, new Reader.Brought(BROUGHT.username()));
    write(reporting);
    assertThat(read(BROUGHT, "SELECT count(*) FROM reporting.orders")).isEqualTo("1001");
    driver.withdraw(site(), reporting, false);
    assertThat(TestServer.inventory()).isEqualTo(before);
  }

  @Test
  void whatTheFirstWasGivenGoesWithTheLast() throws Exception {
    TestServer.run(DATABASE, "GRANT TEMPORARY, CREATE ON DATABASE brought TO brought_writer");
    before = TestServer.inventory();
    PipelinePlan first = plan("orders", "reporting");
    PipelinePlan second = plan("customers", "reporting");
    provision(first, new Reader.Brought(BROUGHT.username()));
    provision(second, new Reader.Brought(BROUGHT.username()));

    driver.withdraw(site(), first, false);
    driver.withdraw(site(), second, false);

    assertThat(TestServer.inventory()).isEqualTo(before);
  }

  /** Runs what each problem says to run, and nothing else, until there is no problem. */
  @Test
  void everyMissingGrantIsNamedAsTheStatementThatGivesIt() throws Exception {
    List<String> said = new ArrayList<>();
    PipelinePlan reporting = plan("orders", "reporting");
    TestServer.run(DATABASE, "REVOKE CONNECT ON DATABASE brought FROM brought_reader");
    before = TestServer.inventory();
    while (true) {
      try {
        provision(reporting, new Reader.Brought(BROUGHT.username()));
        break;
      } catch (StoreProblem problem) {
        assertThat(problem.code()).isEqualTo("PermissionMissing");
        assertThat(TestServer.inventory()).as("a refusal changes nothing").isEqualTo(before);
        Matcher statement = STATEMENT.matcher(problem.remedy());
        assertThat(statement.find()).as(problem.remedy()).isTrue();
        assertThat(said).doesNotContain(statement.group(1));
        said.add(statement.group(1));
        TestServer.run(DATABASE, statement.group(1));
        before = TestServer.inventory();
      }
    }
    assertThat(said)
        .containsExactly(
            "GRANT TEMPORARY ON DATABASE \"brought\" TO \"brought_writer\"",
            "CREATE SCHEMA millrace AUTHORIZATION \"brought_writer\"",
            "CREATE SCHEMA \"reporting\" AUTHORIZATION \"brought_writer\"",
            "GRANT CONNECT ON DATABASE \"brought\" TO \"brought_reader\"");
    write(reporting);
    assertThat(read(BROUGHT, "SELECT count(*) FROM reporting.orders")).isEqualTo("1001");
    driver.withdraw(site(), reporting, false);
    assertThat(TestServer.inventory()).isEqualTo(before);
  }

  @Test
  void withoutCreateroleAReaderHasToBeBrought() throws Exception {
    grantAsDocumented();
    assertThatThrownBy(() -> provision(plan, new Reader.Made(MADE)))
        .isInstanceOfSatisfying(
            StoreProblem.class,
            problem -> {
              assertThat(problem.code()).isEqualTo("PermissionMissing");
              assertThat(problem.remedy()).contains("CREATEROLE").contains("bring a reader");
            });
    assertThat(TestServer.inventory()).isEqualTo(before);
  }

  @Test
  void aReaderThatIsNotThereIsMissed() throws Exception {
    grantAsDocumented();
    assertThatThrownBy(() -> provision(plan, new Reader.Brought("nobody")))
        .isInstanceOfSatisfying(
            StoreProblem.class, problem -> assertThat(problem.code()).isEqualTo("ReaderMissing"));
    assertThat(TestServer.inventory()).isEqualTo(before);
  }

  @Test
  void aTableOfSomeoneElsesIsLeftAlone() throws Exception {
    grantAsDocumented();
    assertThatThrownBy(
            () -> provision(plan("others", "public"), new Reader.Brought(BROUGHT.username())))
        .isInstanceOfSatisfying(
            StoreProblem.class, problem -> assertThat(problem.code()).isEqualTo("TableTaken"));
    assertThat(TestServer.inventory()).isEqualTo(before);
  }

  @Test
  void aReadOnlyServerIsSaidToBeOne() throws Exception {
    grantAsDocumented();
    TestServer.run("postgres", "ALTER ROLE brought_writer SET default_transaction_read_only = on");
    assertThatThrownBy(() -> driver.probe(site()))
        .isInstanceOfSatisfying(
            StoreProblem.class, problem -> assertThat(problem.code()).isEqualTo("StoreReadOnly"));
  }

  @Test
  void aDatabaseOfAnotherEncodingIsUnsuitable() throws Exception {
    TestServer.run(
        "postgres", "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    try {
      assertThatThrownBy(() -> driver.probe(site("latin")))
          .isInstanceOfSatisfying(
              StoreProblem.class,
              problem -> assertThat(problem.code()).isEqualTo("StoreUnsuitable"));
    } finally {
      TestServer.run("postgres", "DROP DATABASE latin");
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsLost() {
    assertThatThrownBy(() -> driver.probe(site("nowhere")))
        .isInstanceOfSatisfying(
            StoreProblem.class, problem -> assertThat(problem.code()).isEqualTo("StoreLost"));
  }

  private void provision(PipelinePlan plan, Reader reader) throws StoreProblem {
    driver.prepare(site());
    driver.provision(site(), plan, reader);
  }

  private void write(PipelinePlan plan) throws Exception {
    try (Sink sink = driver.sink(site(), plan, "w")) {
      sink.take(Set.of(0, 1));
      Feed feed = new Feed(0);
      for (int i = 0; i < 1_000; i++) {
        feed.put("k" + i, "x", null);
      }
      sink.write(feed.batch());
      for (int i = 0; i < 1_000; i++) {
        feed.put("k" + i, "y", null);
      }
      sink.write(feed.dead("NotJson", "", "no", "").batch());
      sink.write(feed.put("one", "more", null).batch());
      sink.flush();
    }
  }

  private static String read(Credentials login, String sql) throws SQLException {
    try (Connection connection = TestServer.connect(login, DATABASE);
        Statement statement = connection.createStatement();
        java.sql.ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static StoreSite site() {
    return site(DATABASE);
  }

  private static StoreSite site(String database) {
    return new StoreSite(
        new ObjectKey("sales", "brought"),
        "Postgres",
        "127.0.0.1",
        TestServer.PORT,
        database,
        "disable",
        Optional.empty(),
        WRITER);
  }

  private static PipelinePlan plan(String table, String schema) {
    return new PlanBuilder(
            table,
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
        .build();
  }
}
