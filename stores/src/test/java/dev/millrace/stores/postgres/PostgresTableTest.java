package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Feed;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only tables can have: other people's constraints, several key columns, any name at all. */
class PostgresTableTest {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("tables");
  private static final AtomicInteger NAMES = new AtomicInteger();

  @BeforeEach
  void prepare() throws Exception {
    STORE.driver().prepare(STORE.site());
  }

  @Test
  void aTriggerOfTheOwnersIsNamedAndNoRowIsQuoted() throws Exception {
    PipelinePlan plan = provisioned(plan());
    String table = TableShape.of(plan).quoted();
    TestServer.run(
        "tables",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE 'no % here', NEW.name; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON " + table + " EXECUTE FUNCTION refuse()",
        "ALTER TABLE " + table + " DISABLE TRIGGER refuse",
        "ALTER TABLE " + table + " DROP CONSTRAINT IF EXISTS positive",
        "ALTER TABLE " + table + " ADD CONSTRAINT positive CHECK (total > 0)");
    for (int rows : new int[] {1, 2_000}) {
      assertRejected(plan, rows, "positive");
    }
    TestServer.run(
        "tables",
        "ALTER TABLE " + table + " DROP CONSTRAINT positive",
        "DROP TRIGGER refuse ON " + table,
        "CREATE TRIGGER refuse BEFORE INSERT ON "
            + table
            + " FOR EACH ROW EXECUTE FUNCTION refuse()");
    for (int rows : new int[] {1, 2_000}) {
      assertRejected(plan, rows, "P0001");
    }
    assertThat(STORE.rowsAs(STORE.site().writer(), plan)).isEmpty();
  }

  @Test
  void aUniqueIndexOfTheOwnersIsNamedAndNoRowIsQuoted() throws Exception {
    PipelinePlan plan = provisioned(plan());
    TestServer.run(
        "tables", "CREATE UNIQUE INDEX one_total ON " + TableShape.of(plan).quoted() + " (total)");
    assertRejected(plan, 2_000, "one_total");
    assertRejected(plan, 2, "one_total");
  }

  private static void assertRejected(PipelinePlan plan, int rows, String what) throws Exception {
    Feed feed = new Feed(0);
    for (int i = 0; i < rows; i++) {
      feed.put("private-key-" + i, "private-name", new BigDecimal("-12.34"));
    }
    try (Sink sink = taken(plan)) {
      assertThatThrownBy(() -> sink.write(feed.batch()))
          .isInstanceOfSatisfying(
              StoreProblem.class,
              problem -> {
                assertThat(problem.code()).isEqualTo("SchemaRejected");
                assertThat(problem.getMessage()).contains(what);
                assertThat(problem.passing()).isFalse();
              })
          .satisfies(e -> assertThat(printed(e)).doesNotContain("private").doesNotContain("12.34"));
    }
  }

  private static String printed(Throwable e) {
    java.io.StringWriter out = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(out));
    return out.toString();
  }

  @Test
  void aTableThatWasDroppedIsALostStoreAndIsNotMadeAnew() throws Exception {
    PlanBuilder builder = plan();
    PipelinePlan plan = provisioned(builder);
    TestServer.run("tables", "DROP TABLE " + TableShape.of(plan).quoted());
    try (Sink sink = taken(plan)) {
      assertProblem("StoreLost", () -> sink.write(new Feed(0).put("a", "x", null).batch()));
    }
    assertProblem("StoreLost", () -> provisioned(builder));
  }

  @Test
  void aViewOnTheTableIsNamedBeforeItWouldGo() throws Exception {
    PipelinePlan plan = provisioned(plan());
    TestServer.run(
        "tables", "CREATE VIEW dashboard AS SELECT name FROM " + TableShape.of(plan).quoted());
    StoreProblem problem =
        assertProblem("SchemaRejected", () -> STORE.driver().withdraw(STORE.site(), plan, false));
    assertThat(problem.getMessage()).contains("dashboard");
    assertThat(STORE.rowsAs(STORE.reader(plan), plan)).isEmpty();
    TestServer.run("tables", "DROP VIEW dashboard");
    STORE.driver().withdraw(STORE.site(), plan, false);
  }

  @Test
  void aReaderThatIsReadingDoesNotHoldUpTheEnd() throws Exception {
    PipelinePlan plan = provisioned(plan());
    try (java.sql.Connection reading = STORE.connect(STORE.reader(plan));
        java.sql.Statement statement = reading.createStatement()) {
      reading.setAutoCommit(false);
      statement.execute("SELECT count(*) FROM " + TableShape.of(plan).quoted());
      STORE.driver().withdraw(STORE.site(), plan, false);
      assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(Exception.class);
    }
  }

  @Test
  void aRowOfSeveralKeyColumnsIsFoundByAllOfThem() throws Exception {
    PipelinePlan plan =
        provisioned(
            plan().key("id", "text").key("line", "int32").key("u", "uuid").column("v", "text"));
    java.util.UUID u = new java.util.UUID(1, 2);
    try (Sink sink = taken(plan)) {
      Feed feed = new Feed(0);
      sink.write(
          feed.putKeyed(3, "a", 1, u, "x")
              .putKeyed(3, "a", 2, u, "y")
              .putKeyed(3, "b", 1, u, "z")
              .batch());
      sink.write(feed.putKeyed(3, "a", 2, u, "new").delete("b", 1, u).delete("a", 3, u).batch());
      List<StoreKey> keys = new ArrayList<>();
      sink.presentKeys(Long.MAX_VALUE - 1, keys::add);
      assertThat(keys).containsExactlyInAnyOrder(new StoreKey("a", 1, u), new StoreKey("a", 2, u));
    }
    assertThat(STORE.rowsAs(STORE.site().writer(), plan))
        .extracting(row -> row.get("v"))
        .containsExactlyInAnyOrder("x", "new");
  }

  @Test
  void aTableOfNothingButItsKeyIsWritten() throws Exception {
    PipelinePlan plan = provisioned(plan().key("id", "int64"));
    try (Sink sink = taken(plan)) {
      Feed feed = new Feed(0);
      for (int round = 0; round < 2; round++) {
        for (long i = 0; i < 1_000; i++) {
          feed.put(i);
        }
        sink.write(feed.batch());
        sink.write(feed.put(7L).batch());
      }
    }
    assertThat(STORE.rowsAs(STORE.site().writer(), plan)).hasSize(1_000);
  }

  @Test
  void numbersOfEverySizeGoThroughCopyUnchanged() throws Exception {
    PipelinePlan plan = provisioned(plan().key("id", "text").column("n", "decimal(80,17)"));
    Random random = new Random(7);
    Map<String, String> expected =
        java.util.stream.IntStream.range(0, 3_000)
            .boxed()
            .collect(Collectors.toMap(i -> "k" + i, i -> number(random).toPlainString()));
    Feed feed = new Feed(0);
    expected.forEach((key, number) -> feed.put(key, new BigDecimal(number)));
    try (Sink sink = taken(plan)) {
      sink.write(feed.batch());
    }
    assertThat(
            STORE.rowsAs(STORE.site().writer(), plan).stream()
                .collect(Collectors.toMap(row -> row.get("id"), row -> row.get("n"))))
        .isEqualTo(expected);
  }

  private static BigDecimal number(Random random) {
    BigInteger digits = new BigInteger(random.nextInt(190), random);
    BigDecimal number = new BigDecimal(random.nextBoolean() ? digits : digits.negate(), 17);
    return random.nextInt(3) == 0
        ? number.movePointRight(random.nextInt(3) * 4).setScale(17, java.math.RoundingMode.DOWN)
        : number;
  }

  @Test
  void whatWasWrittenLastIsShownFirstWhereverItLies() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Feed feed = new Feed(0);
    try (Sink sink = taken(plan)) {
      for (int i = 0; i < 1_000; i++) {
        feed.put("k" + i, "old", null);
      }
      sink.write(feed.batch());
      for (int i = 0; i < 200; i++) {
        feed.delete("k" + i);
      }
      sink.write(feed.batch());
      vacuum(plan);
      sink.write(feed.put("k500", "changed", null).batch());
      sink.write(feed.put("new", "new", null).batch());
    }
    List<String> ids = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      var page = STORE.driver().rows(STORE.site(), plan, 300, after);
      page.entries().forEach(row -> ids.add(row.get("id").asText()));
      after = page.next();
    } while (after.isPresent());
    assertThat(ids).hasSize(801).doesNotHaveDuplicates().startsWith("new", "k500");
  }

  private static void vacuum(PipelinePlan plan) throws Exception {
    try (var connection = STORE.connect(STORE.site().writer());
        var statement = connection.createStatement()) {
      statement.execute("VACUUM " + TableShape.of(plan).quoted());
    }
  }

  @Test
  void batchesGoOnInEveryOrderOfSmallAndLarge() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Feed feed = new Feed(0);
    try (Sink sink = taken(plan)) {
      for (int size : new int[] {1, 3_000, 2, 3_000, 501, 500, 499, 3_000, 1}) {
        for (int i = 0; i < size; i++) {
          feed.put("k" + i, "of " + size, null);
        }
        sink.write(feed.delete("k0").batch());
      }
    }
    List<Map<String, String>> rows = STORE.rowsAs(STORE.site().writer(), plan);
    assertThat(rows).hasSize(2_999).allMatch(row -> row.get("name").equals("of 3000"));
  }

  @Test
  void noNameInAPlanIsMoreThanAName() throws Exception {
    List<String> before = STORE.inventory();
    String nasty = "x\"; DROP SCHEMA millrace CASCADE; --'\\ $$";
    PipelinePlan plan =
        plan()
            .key("k" + nasty, "text")
            .column("c" + nasty, "text")
            .uid("uid" + nasty)
            .in(STORE.target("t" + nasty, "s" + nasty, List.of(List.of("c" + nasty))))
            .build();
    Credentials reader = new Credentials("r" + nasty, "p" + nasty);
    STORE.driver().provision(STORE.site(), plan, new Reader.Made(reader));
    try (Sink sink = taken(plan)) {
      sink.write(new Feed(0).put(nasty, nasty).put("b", "b").batch());
      sink.write(new Feed(0, 2).delete("b").batch());
    }
    assertThat(STORE.rowsAs(reader, plan)).hasSize(1);
    STORE.driver().rotate(STORE.site(), plan, new Credentials(reader.username(), nasty));
    STORE.driver().withdraw(STORE.site(), plan, false);
    assertThat(STORE.inventory()).isEqualTo(before);
  }

  @Test
  void theReaderSeesNeitherCursorsNorOtherDatabases() throws Exception {
    PipelinePlan plan = provisioned(plan());
    PostgresUnderTest other = new PostgresUnderTest("tables_other");
    other.driver().prepare(other.site());
    try (java.sql.Connection connection = STORE.connect(STORE.reader(plan));
        java.sql.Statement statement = connection.createStatement()) {
      for (String forbidden :
          List.of(
              "SELECT * FROM millrace.cursor",
              "SELECT * FROM millrace.dead_letter",
              "CREATE TABLE mine (a int)",
              "CREATE TEMPORARY TABLE mine (a int)",
              "CREATE SCHEMA mine")) {
        assertThatThrownBy(() -> statement.execute(forbidden))
            .hasMessageContaining("permission denied");
      }
    }
    assertThatThrownBy(() -> other.connect(STORE.reader(plan)))
        .hasMessageContaining("permission denied for database");
  }

  @Test
  void aSchemaThatWasMadeForATableGoesWithIt() throws Exception {
    List<String> before = STORE.inventory();
    PlanBuilder builder = plan();
    PipelinePlan plan =
        builder
            .in(STORE.target("orders", "reporting", List.of(List.of("name"), List.of("total"))))
            .build();
    STORE.driver().provision(STORE.site(), plan, new Reader.Made(STORE.reader(plan)));
    assertThat(STORE.rowsAs(STORE.reader(plan), plan)).isEmpty();
    STORE.driver().withdraw(STORE.site(), plan, false);
    assertThat(STORE.inventory()).isEqualTo(before);
  }

  @Test
  void aNewColumnOfANewerDefinitionIsAdded() throws Exception {
    String name = "table" + NAMES.incrementAndGet();
    provisioned(STORE.plan(name).key("id", "text"));
    PipelinePlan newer =
        provisioned(STORE.plan(name).key("id", "text").column("added", "int32").definition(2));
    try (Sink sink = taken(newer)) {
      sink.write(new Feed(0).put("a", 7).batch());
    }
    assertThat(STORE.rowsAs(STORE.reader(newer), newer))
        .containsExactly(Map.of("id", "a", "added", "7"));
  }

  @Test
  void keptRowsThatSomeoneDroppedNoLongerHoldTheName() throws Exception {
    List<String> before = STORE.inventory();
    PipelinePlan gone = provisioned(plan());
    STORE.driver().withdraw(STORE.site(), gone, true);
    TestServer.run("tables", "DROP TABLE " + TableShape.of(gone).quoted());
    PipelinePlan next = provisioned(plan().in(gone.target()));
    STORE.driver().withdraw(STORE.site(), next, false);
    assertThat(STORE.inventory()).isEqualTo(before);
  }

  @Test
  void aRoleOfTheReadersNameThatIsThereIsNotTakenOver() throws Exception {
    PipelinePlan plan = plan().build();
    Credentials reader = STORE.reader(plan);
    TestServer.run("postgres", "CREATE ROLE " + Quoting.identifier(reader.username()) + " LOGIN");
    List<String> before = STORE.inventory();
    assertProblem(
        "ReaderTaken", () -> STORE.driver().provision(STORE.site(), plan, new Reader.Made(reader)));
    assertThat(STORE.inventory()).isEqualTo(before);
    TestServer.run("postgres", "DROP ROLE " + Quoting.identifier(reader.username()));
  }

  @Test
  void aDatabaseThatWasThereBeforeIsNeitherUsedNorDropped() throws Exception {
    PostgresUnderTest other = new PostgresUnderTest("tables_foreign");
    TestServer.run("postgres", "CREATE DATABASE tables_foreign");
    assertProblem("StoreUnsuitable", () -> other.driver().prepare(other.site()));
    other.driver().remove(other.site());
    assertThat(TestServer.lines("postgres", "SELECT datname FROM pg_database"))
        .contains("tables_foreign");
    TestServer.run("postgres", "DROP DATABASE tables_foreign");
  }

  @Test
  void aDatabaseInWhichRowsAreKeptStays() throws Exception {
    PostgresUnderTest other = new PostgresUnderTest("tables_kept");
    other.driver().prepare(other.site());
    PipelinePlan plan = other.plan("kept").build();
    other.driver().provision(other.site(), plan, new Reader.Made(other.reader(plan)));
    other.driver().withdraw(other.site(), plan, true);

    other.driver().remove(other.site());

    assertThat(other.rowsAs(other.reader(plan), plan)).isEmpty();
  }

  @Test
  void ofADatabaseThatIsNotThereNothingIsLeftToWithdraw() throws Exception {
    PostgresUnderTest other = new PostgresUnderTest("tables_never");

    other.driver().withdraw(other.site(), other.plan("never").build(), false);
    other.driver().withdraw(other.site(), other.plan("never").build(), true);
  }

  @Test
  void aReaderMakesNothingThatOthersCouldCall() throws Exception {
    PipelinePlan plan = provisioned(plan());
    try (Connection reader = TestServer.connect(STORE.reader(plan), STORE.site().database());
        Statement statement = reader.createStatement()) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> statement.execute("CREATE TABLE public.mine (id int)"))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
  }

  @Test
  void noPasswordReachesTheServer() throws Exception {
    PipelinePlan plan = provisioned(plan());
    assertThat(
            TestServer.lines(
                "postgres",
                "SELECT rolpassword FROM pg_authid WHERE rolname = "
                    + Quoting.literal(STORE.reader(plan).username())))
        .singleElement()
        .asString()
        .startsWith("SCRAM-SHA-256$4096:");
    assertThat(Readers.verifier("secret-of-reader")).doesNotContain("secret");
  }

  private static PlanBuilder plan() {
    return STORE.plan("table" + NAMES.incrementAndGet());
  }

  private static PipelinePlan provisioned(PlanBuilder builder) throws Exception {
    PipelinePlan plan = builder.build();
    STORE.driver().provision(STORE.site(), plan, new Reader.Made(STORE.reader(plan)));
    return plan;
  }

  private static Sink taken(PipelinePlan plan) throws Exception {
    Sink sink = STORE.driver().sink(STORE.site(), plan, "w");
    sink.take(Set.of(0, 1));
    return sink;
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static StoreProblem assertProblem(String code, Attempt attempt) {
    StoreProblem[] caught = new StoreProblem[1];
    assertThatExceptionOfType(StoreProblem.class)
        .isThrownBy(attempt::run)
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(code))
        .satisfies(problem -> caught[0] = problem);
    return caught[0];
  }
}
