package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Feed;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Rebuilds;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreUnderTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What hangs on the tables, who holds them, and what becomes of their rows one by one. */
class PostgresSwapTableTest extends Rebuilds {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("swap_tables");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }

  // Dependents.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CREATE VIEW own.v AS SELECT id FROM $T | view own.v
          CREATE MATERIALIZED VIEW own.v AS SELECT id FROM $T | materialized view own.v
          CREATE TABLE own.other (id text REFERENCES $T) | constraint other_id_fkey on table own.other
          CREATE TABLE own.other (a $T) | column a of table own.other
          CREATE TABLE own.other () INHERITS ($T) | table own.other
          CREATE FUNCTION own.f(x $T) RETURNS int LANGUAGE sql RETURN 1 | function own.f(
          CREATE FUNCTION own.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM $T; END | function own.f(
          CREATE INDEX own ON $T (name) | index own
          CREATE INDEX own ON $T (lower(name)) | index own
          CREATE UNIQUE INDEX own ON $T (name) | index own
          ALTER TABLE $T ADD CONSTRAINT own UNIQUE (name) | constraint own on table
          ALTER TABLE $T ADD CONSTRAINT own CHECK (name <> '') | constraint own on table
          ALTER TABLE $T ALTER name SET NOT NULL | NOT NULL of column "name"
          ALTER TABLE $T ALTER name SET DEFAULT 'x' | default value for column name of table
          ALTER TABLE $T ADD own text | column "own"
          ALTER TABLE $T ADD own text GENERATED ALWAYS AS (upper(name)) STORED | column "own"
          ALTER TABLE $T ADD own bigserial | sequence
          CREATE TRIGGER own BEFORE UPDATE ON $T FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger() | trigger own on table
          CREATE RULE own AS ON DELETE TO $T DO ALSO NOTIFY gone | rule own on table
          CREATE POLICY own ON $T USING (true) | policy own on table
          ALTER TABLE $T ENABLE ROW LEVEL SECURITY | row level security
          ALTER TABLE $T REPLICA IDENTITY FULL | the replica identity
          CREATE PUBLICATION own FOR TABLE $T | publication of table
          CREATE STATISTICS own.own ON id, name FROM $T | statistics object own.own
          """)
  void whatHangsOnATableThatIsReplacedIsNamedAndNothingChanges(String made, String named)
      throws Exception {
    Rebuild rebuild = provisioned(NAMED, NOTED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "2", "n"));
    String table = TableShape.of(rebuild.live()).quoted();
    try {
      database("CREATE SCHEMA own", made.replace("$T", table));
      List<String> before = STORE.inventory();

      StoreProblem found =
          assertProblem(
              "RebuildBlocked",
              () -> driver().checkSwap(STORE.site(), rebuild.live(), rebuild.next()));
      StoreProblem met = assertProblem("RebuildBlocked", () -> swap(rebuild));

      assertThat(found.getMessage()).contains(named).isEqualTo(met.getMessage());
      assertThat(found.passing()).isFalse();
      assertThat(STORE.inventory()).isEqualTo(before);
    } finally {
      database("DROP PUBLICATION IF EXISTS own", "DROP SCHEMA IF EXISTS own CASCADE");
      driver().withdraw(STORE.site(), rebuild.live(), false);
    }
  }

  @Test
  void everythingThatHangsThereIsNamedAtOnce() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NOTED);
    String table = TableShape.of(rebuild.live()).quoted();
    database(
        "CREATE INDEX own_first ON " + table + " (name)",
        "CREATE VIEW own_v AS SELECT * FROM " + table);

    StoreProblem found =
        assertProblem(
            "RebuildBlocked",
            () -> driver().checkSwap(STORE.site(), rebuild.live(), rebuild.next()));

    assertThat(found.getMessage()).contains("index own_first; view millrace.own_v");
    database("DROP VIEW own_v");
  }

  @Test
  void whatHangsOnATableThatKeepsItsShapeStays() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "2"));
    String table = TableShape.of(rebuild.live()).quoted();
    database(
        "CREATE VIEW own_v AS SELECT * FROM " + table,
        "ALTER TABLE " + table + " ADD own text DEFAULT 'mine'",
        "CREATE INDEX own_kept ON " + table + " (name)");
    try {
      driver().checkSwap(STORE.site(), rebuild.live(), rebuild.next());
      swap(rebuild);

      assertThat(lines("SELECT id, name FROM own_v")).containsExactly("a|2");
      assertThat(lines("SELECT own FROM " + table)).containsExactly("mine");
      assertThat(lines("SELECT to_regclass('public.own_kept')")).containsExactly("own_kept");
    } finally {
      database("DROP VIEW own_v");
    }
  }

  @Test
  void aColumnThatSomebodyChangedIsReplacedWithItsTable() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "longer than five"));
    String table = TableShape.of(rebuild.live()).quoted();
    database("ALTER TABLE " + table + " ALTER name TYPE varchar(5)");

    swap(rebuild);

    assertThat(names(rebuild.next())).isEqualTo(Map.of("a", "longer than five"));
  }

  // What the platform made.

  @Test
  void aTableThatTookThePlaceIsAsOneThatWasMadeThere() throws Exception {
    PipelinePlan.Target target = STORE.target(fresh(), "public", List.of(List.of("name")));
    Rebuild plans = indexed(target, List.of(List.of("name", "id"), List.of("name")));
    PipelinePlan fresh = plans.next();
    provision(fresh);
    List<String> expected = catalogue(TableShape.of(fresh));
    driver().withdraw(STORE.site(), fresh, false);
    provision(plans.live());
    provisionShadow(plans.shadow());

    swap(plans);

    assertThat(catalogue(TableShape.of(plans.next()))).isEqualTo(expected).hasSizeGreaterThan(8);
  }

  private Rebuild indexed(PipelinePlan.Target target, List<List<String>> indexes) {
    String name = target.table().name();
    PipelinePlan live = NAMED.apply(new PlanBuilder(name, target)).build();
    PipelinePlan.Target to = STORE.target(name, "public", indexes);
    PipelinePlan next = NOTED.apply(new PlanBuilder(name, to)).definition(2).build();
    return new Rebuild(live, shadow(next, NOTED), next);
  }

  @Test
  void indexesComeAndGoWhereTheShapeStays() throws Exception {
    String name = fresh();
    PipelinePlan.Target from = STORE.target(name, "public", List.of(List.of("name")));
    PipelinePlan.Target to = STORE.target(name, "public", List.of(List.of("name", "id")));
    PipelinePlan next = NAMED.apply(new PlanBuilder(name, to)).definition(2).build();
    PipelinePlan live = NAMED.apply(new PlanBuilder(name, from)).build();
    Rebuild plans = new Rebuild(live, shadow(next, NAMED), next);
    provision(next);
    List<String> expected = catalogue(TableShape.of(next));
    driver().withdraw(STORE.site(), next, false);
    provision(live);
    provisionShadow(plans.shadow());

    swap(plans);

    assertThat(catalogue(TableShape.of(next))).isEqualTo(expected);
  }

  private static List<String> catalogue(TableShape table) throws SQLException {
    return lines(
        """
        SELECT 'index ' || indexdef AS line FROM pg_indexes WHERE tablename = '%1$s'
        UNION ALL SELECT 'constraint ' || conname || pg_get_constraintdef(oid) FROM pg_constraint
          WHERE conrelid = '"%1$s"'::regclass
        UNION ALL SELECT 'table ' || relowner::regrole || coalesce(relacl::text, '')
          || obj_description(oid, 'pg_class') FROM pg_class WHERE oid = '"%1$s"'::regclass
        UNION ALL SELECT 'column ' || attnum || attname || format_type(atttypid, atttypmod)
          || attnotnull FROM pg_attribute WHERE attrelid = '"%1$s"'::regclass AND attnum > 0
        UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typrelid = '"%1$s"'::regclass
        ORDER BY line\
        """
            .formatted(table.name()));
  }

  @Test
  void whoeverMightReadOrWriteMayDoSoStill() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NOTED);
    String table = TableShape.of(rebuild.live()).quoted();
    TestServer.run("postgres", "CREATE ROLE \"swap Anna\"", "CREATE ROLE swap_berta");
    try {
      database(
          "GRANT SELECT, UPDATE ON " + table + " TO \"swap Anna\" WITH GRANT OPTION",
          "GRANT SELECT (name) ON " + table + " TO swap_berta",
          "GRANT TRIGGER ON " + table + " TO PUBLIC",
          "ALTER TABLE " + table + " SET (fillfactor = 70)");
      String granted =
          "SELECT relacl::text, reloptions::text FROM pg_class WHERE oid = '"
              + table
              + "'::regclass";
      String onColumn =
          "SELECT attacl::text FROM pg_attribute WHERE attname = 'name' AND attrelid = '"
              + table
              + "'::regclass";
      List<String> before = lines(granted);
      List<String> beforeOnColumn = lines(onColumn);

      swap(rebuild);

      assertThat(sortedAcl(lines(granted))).isEqualTo(sortedAcl(before));
      assertThat(lines(onColumn)).isEqualTo(beforeOnColumn);
      assertThat(before.toString()).contains("swap Anna").contains("fillfactor=70");
      assertThat(beforeOnColumn.toString()).contains("swap_berta");
    } finally {
      driver().withdraw(STORE.site(), rebuild.next(), false);
      TestServer.run("postgres", "DROP ROLE \"swap Anna\"", "DROP ROLE swap_berta");
    }
  }

  private static List<String> sortedAcl(List<String> lines) {
    return List.of(lines.get(0).replaceAll("[{}|]", ",").split(",")).stream().sorted().toList();
  }

  // Rows.

  @Test
  void aRowThatIsTheSameIsNotWritten() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), new Feed(0).put("a", "same").put("b", null).put("c", "old"));
    write(rebuild.shadow(), new Feed(0).put("a", "same").put("b", null).put("c", "new"));
    String rows =
        "SELECT id, ctid, xmin FROM "
            + TableShape.of(rebuild.live()).quoted()
            + " WHERE id <> 'c' ORDER BY id";
    List<String> before = lines(rows);

    swap(rebuild);

    assertThat(lines(rows)).isEqualTo(before).hasSize(2);
    assertThat(names(rebuild.next())).containsEntry("c", "new");
  }

  @Test
  void whatOnlyMeansTheSameIsWritten() throws Exception {
    UnaryOperator<PlanBuilder> shape =
        plan -> plan.key("id", "text").column("f", "float64").column("j", "json").partitions(1);
    Rebuild rebuild = provisioned(shape, shape);
    write(rebuild.live(), put("a", 0.0, "[1]"));
    write(rebuild.shadow(), put("a", -0.0, "[1.00]"));

    swap(rebuild);

    assertThat(rows(rebuild.next())).containsExactly(Map.of("id", "a", "f", "-0", "j", "[1.00]"));
  }

  @Test
  void everyEventOfAppendIsThere() throws Exception {
    UnaryOperator<PlanBuilder> shape = plan -> plan.column("id", "text").append().partitions(1);
    Rebuild rebuild = provisioned(shape, shape);
    write(rebuild.live(), new Feed(0).add("a").add("b").addDeleted(1));
    write(rebuild.shadow(), new Feed(0).add("a").pass(1).add("c"));

    swap(rebuild);

    assertThat(rows(rebuild.next()))
        .containsExactlyInAnyOrder(
            Map.of("id", "a", "_partition", "0", "_offset", "0", "_deleted", "false"),
            Map.of("id", "c", "_partition", "0", "_offset", "2", "_deleted", "false"));
  }

  @Test
  void upsertBecomesAppendAndBack() throws Exception {
    UnaryOperator<PlanBuilder> append = plan -> plan.column("id", "text").append().partitions(1);
    UnaryOperator<PlanBuilder> upsert = plan -> plan.key("id", "text").partitions(1);
    Rebuild rebuild = provisioned(upsert, append);
    write(rebuild.live(), put("a").put("a"));
    write(rebuild.shadow(), new Feed(0).add("a").add("a"));
    swap(rebuild);
    assertThat(rows(rebuild.next())).hasSize(2);
    PipelinePlan next = copy(rebuild.next(), upsert, 3);
    PipelinePlan shadow = shadow(next, upsert);
    provisionShadow(shadow);
    write(shadow, put("a").put("a"));

    driver().swap(STORE.site(), rebuild.next(), shadow, next);

    assertThat(rows(next)).containsExactly(Map.of("id", "a"));
  }

  @Test
  void aTableWithNothingButItsKeyIsMergedToo() throws Exception {
    UnaryOperator<PlanBuilder> shape = plan -> plan.key("id", "int64").partitions(1);
    Rebuild rebuild = provisioned(shape, shape);
    write(rebuild.live(), put(1L).put(2L));
    write(rebuild.shadow(), put(2L).put(3L));

    swap(rebuild);

    assertThat(rows(rebuild.next()))
        .containsExactlyInAnyOrder(Map.of("id", "2"), Map.of("id", "3"));
  }

  @Test
  void aConstraintOfSomebodysThatRefusesARowKeepsAllAsItWas() throws Exception {
    refused("ADD CONSTRAINT own CHECK (name <> 'new')");
  }

  @Test
  void aUniqueIndexOfSomebodysThatRefusesARowKeepsAllAsItWas() throws Exception {
    refused("ADD CONSTRAINT own_unique UNIQUE (name)");
  }

  private void refused(String altered) throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), put("a", "1").put("b", "2"));
    write(rebuild.shadow(), put("a", "new").put("b", "new"));
    database("ALTER TABLE " + TableShape.of(rebuild.live()).quoted() + " " + altered);
    List<String> before = STORE.inventory();

    StoreProblem problem = assertProblem("SchemaRejected", () -> swap(rebuild));

    assertThat(problem.getMessage()).contains("own");
    assertThat(STORE.inventory()).isEqualTo(before);
    assertThat(names(rebuild.live())).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void aTriggerOfSomebodysThatChangesRowsKeepsAllAsItWas() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "2"));
    database(
        "CREATE FUNCTION louder() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN NEW.name := upper(NEW.name) || ''!''; RETURN NEW; END'",
        "CREATE TRIGGER own BEFORE INSERT OR UPDATE ON "
            + TableShape.of(rebuild.live()).quoted()
            + " FOR EACH ROW EXECUTE FUNCTION louder()");

    assertProblem("SchemaRejected", () -> swap(rebuild));

    assertThat(names(rebuild.live())).isEqualTo(Map.of("a", "1"));
    database("DROP FUNCTION louder CASCADE");
  }

  // Others who hold the table.

  @Test
  void aMergeWaitsForNobodyWhoReads() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "2"));
    String rows = "SELECT name FROM " + TableShape.of(rebuild.live()).quoted();
    try (Connection reader = repeatable(rows)) {
      swap(rebuild);

      assertThat(text(reader, rows)).isEqualTo("1");
      assertThat(text(reader, definition(rebuild))).isEqualTo("1");
      reader.rollback();
      assertThat(text(reader, rows)).isEqualTo("2");
      assertThat(text(reader, definition(rebuild))).isEqualTo("2");
    }
  }

  private static String definition(Rebuild rebuild) {
    return "SELECT definition FROM millrace.cursor WHERE subscription = "
        + Quoting.literal(rebuild.live().uid());
  }

  @Test
  void aLockOnTheTableIsWaitedForAndThenNamed() throws Exception {
    for (UnaryOperator<PlanBuilder> shape : List.of(NAMED, NOTED)) {
      Rebuild rebuild = provisioned(NAMED, shape);
      write(rebuild.live(), put("a", "1"));
      write(rebuild.shadow(), shape == NAMED ? put("a", "2") : put("a", "2", "n"));
      List<String> before = STORE.inventory();
      try (Connection holder = TestServer.connect(STORE.site().database())) {
        holder.setAutoCommit(false);
        run(holder, "LOCK TABLE " + TableShape.of(rebuild.live()).quoted() + " IN SHARE MODE");

        assertThat(assertProblem("TableLocked", () -> swap(rebuild)).passing()).isTrue();

        assertThat(STORE.inventory()).isEqualTo(before);
      }
      swap(rebuild);
      assertThat(names(rebuild.next())).isEqualTo(Map.of("a", "2"));
    }
  }

  @Test
  void aRowThatSomebodyHoldsIsWaitedForAndThenNamed() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), put("a", "1").put("b", "1"));
    write(rebuild.shadow(), put("a", "2").put("b", "2"));
    try (Connection holder = TestServer.connect(STORE.site().database())) {
      holder.setAutoCommit(false);
      run(
          holder,
          "SELECT FROM " + TableShape.of(rebuild.live()).quoted() + " WHERE id = 'b' FOR UPDATE");

      assertProblem("TableLocked", () -> swap(rebuild));

      assertThat(names(rebuild.live())).isEqualTo(Map.of("a", "1", "b", "1"));
    }
    swap(rebuild);
  }

  /**
   * Without the wait it would see, under the name it knows, the shadow as it was while it was being
   * loaded: nothing of it.
   */
  @Test
  void whoeverLookedBeforeTheShadowWasLoadedHoldsAReplacementUp() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NOTED);
    write(rebuild.live(), put("a", "1"));
    String rows = "SELECT name FROM " + TableShape.of(rebuild.live()).quoted();
    try (Connection early = repeatable("SELECT 'only a snapshot'");
        Connection other = TestServer.connect(STORE.site().database())) {
      other.setAutoCommit(false);
      other.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      assertThat(text(other, "SELECT 'a snapshot for one statement'")).isNotEmpty();
      String idle = text(other, "SELECT pg_backend_pid()");
      run(other, "SET LOCAL statement_timeout = 0");
      write(rebuild.shadow(), put("a", "2", "n"));

      StoreProblem problem = assertProblem("TableLocked", () -> swap(rebuild));

      assertThat(problem.passing()).isTrue();
      assertThat(problem.getMessage())
          .contains(text(early, "SELECT pg_backend_pid()"))
          .doesNotContain(idle);
      assertThat(text(early, rows)).isEqualTo("1");
      early.rollback();
      swap(rebuild);
      assertThat(text(other, rows)).isEqualTo("2");
    }
  }

  @Test
  void whoeverLooksAfterBothCameToRestSeesTheNewAtTheSameOffsets() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NOTED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "2", "n"));
    String rows = "SELECT name FROM " + TableShape.of(rebuild.live()).quoted();
    try (Connection resting = TestServer.connect(STORE.site().database());
        Connection holder = TestServer.connect(STORE.site().database())) {
      // Holds the swap up between its wait for snapshots and its commit.
      holder.setAutoCommit(false);
      run(holder, "LOCK TABLE " + TableShape.of(rebuild.live()).quoted() + " IN SHARE MODE");
      Thread swapping =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  swap(rebuild);
                } catch (StoreProblem problem) {
                  throw new AssertionError(problem);
                }
              });
      awaitLockWait();
      resting.setAutoCommit(false);
      resting.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      String at = definition(rebuild).replace("definition", "next_offset");
      assertThat(text(resting, at)).isEqualTo("1");
      holder.rollback();
      swapping.join();

      assertThat(text(resting, rows)).isEqualTo("2");
      assertThat(text(resting, at)).isEqualTo("1");
    }
  }

  /** It waits for the rows of before, and finds them gone. */
  @Test
  void whoeverTakesCursorsThatAreJustExchangedHearsThatTheStoreIsNewer() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NOTED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "2", "n"));
    try (Connection holder = TestServer.connect(STORE.site().database());
        Sink sink = driver().sink(STORE.site(), rebuild.live(), "late")) {
      holder.setAutoCommit(false);
      run(
          holder,
          "DELETE FROM millrace.cursor WHERE subscription = '" + rebuild.live().uid() + "'");
      run(
          holder,
          "UPDATE millrace.cursor SET subscription = '%s', definition = %d WHERE subscription = '%s'"
              .formatted(
                  rebuild.live().uid(), rebuild.next().definition(), rebuild.shadow().uid()));
      FutureTask<StoreProblem> taking =
          new FutureTask<>(
              () -> assertProblem("Fenced", () -> sink.take(rebuild.live().start().keySet())));
      Thread.ofVirtual().start(taking);
      awaitLockWait("UPDATE millrace.cursor SET owner");
      holder.commit();

      assertThat(taking.get().passing()).isTrue();
    }
  }

  private static void awaitLockWait() throws SQLException {
    awaitLockWait("LOCK TABLE");
  }

  private static void awaitLockWait(String statement) throws SQLException {
    while (TestServer.lines(
            "postgres",
            "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '"
                + statement
                + "%'")
        .isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private static Connection repeatable(String first) throws SQLException {
    Connection connection = TestServer.connect(STORE.site().database());
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    text(connection, first);
    return connection;
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void database(String... statements) throws SQLException {
    TestServer.run(STORE.site().database(), statements);
  }

  private static List<String> lines(String sql) throws SQLException {
    return TestServer.lines(STORE.site().database(), sql);
  }
}
