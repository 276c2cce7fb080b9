package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** More sinks than sessions. */
class PostgresSessionsTest {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("sessions");
  private static final int SINKS = 40;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<PipelinePlan> plans = new ArrayList<>();
  private final List<Sink> sinks = new ArrayList<>();
  private final Queue<Sink> opened = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void open(TestInfo test) throws Exception {
    STORE.driver().prepare(STORE.site());
    String name = "t" + Math.abs(test.getTestMethod().orElseThrow().getName().hashCode());
    for (int i = 0; i < SINKS; i++) {
      PipelinePlan plan = STORE.plan(name + "_" + i).build();
      STORE.driver().provision(STORE.site(), plan, new Reader.Made(STORE.reader(plan)));
      plans.add(plan);
    }
    List<Future<Sink>> opening =
        plans.stream().map(plan -> threads.submit(() -> taken(plan))).toList();
    for (Future<Sink> each : opening) {
      sinks.add(each.get());
    }
  }

  /** Closed at the end, whatever comes of it. */
  private Sink taken(PipelinePlan plan) throws Exception {
    Sink sink = STORE.driver().sink(STORE.site(), plan, "w");
    opened.add(sink);
    sink.take(Set.of(0));
    return sink;
  }

  @AfterEach
  void close() {
    opened.forEach(Sink::close);
    threads.shutdownNow();
  }

  @Test
  void manySinksShareAFewSessions() throws Exception {
    assertThat(sessions()).hasSize(16);

    sinks.forEach(Sink::close);

    awaitSessions(0);
  }

  @Test
  void eachWritesItsOwnRowsInEachWay() throws Exception {
    List<Future<?>> writing = new ArrayList<>();
    for (int i = 0; i < SINKS; i++) {
      Sink sink = sinks.get(i);
      String value = "of " + i;
      writing.add(
          threads.submit(() -> {
            Feed feed = new Feed(0);
            sink.write(many(feed, value));
            sink.write(many(feed, value));
            sink.write(many(feed, value));
            sink.write(feed.put("k0", value + " at last", null).batch());
            sink.flush();
            return null;
          }));
    }
    for (Future<?> each : writing) {
      each.get();
    }
    for (int i = 0; i < SINKS; i++) {
      String value = "of " + i;
      assertThat(STORE.rowsAs(STORE.site().writer(), plans.get(i)))
          .hasSize(PreparedBatch.MOST_IN_ONE_STATEMENT + 1)
          .allSatisfy(row -> assertThat(row.get("name")).startsWith(value))
          .filteredOn(row -> row.get("name").equals(value + " at last"))
          .hasSize(1);
    }
  }

  @Test
  void whoLeavesLeavesNothingToThoseWhoGoOn() throws Exception {
    Feed feed = new Feed(0);
    Sink leaving = sinks.get(0);
    leaving.write(many(feed, "a"));
    leaving.write(many(feed, "b"));
    List<Integer> before = sessions();
    assertThat(stagings()).hasSize(1);

    leaving.close();
    leaving.close();
    for (Sink sink : sinks.subList(1, SINKS)) {
      sink.write(new Feed(0).put("k", "goes on", null).batch());
    }

    assertThat(stagings()).isEmpty();
    assertThat(sessions()).isEqualTo(before);
    assertThatThrownBy(() -> leaving.write(feed.put("k", "late", null).batch()))
        .isInstanceOf(StoreProblem.class);
  }

  @Test
  void whoHangsIsClosedAtOnceAndTheOthersBeginAgain() throws Exception {
    Sink hanging = sinks.get(0);
    try (Connection blocker = TestServer.connect(STORE.site().database())) {
      lock(blocker, plans.get(0));
      Future<?> writing =
          threads.submit(() -> {
            hanging.write(new Feed(0).put("k", "hangs", null).batch());
            return null;
          });
      awaitWaiting(writing);

      hanging.close();

      assertThatThrownBy(writing::get).hasCauseInstanceOf(StoreProblem.class);
    }
    int begunAgain = 0;
    for (int i = 1; i < SINKS; i++) {
      try {
        sinks.get(i).write(new Feed(0).put("k", "goes on", null).batch());
      } catch (StoreProblem gone) {
        assertThat(gone.code()).isEqualTo("StoreUnavailable");
        sinks.get(i).close();
        sinks.set(i, taken(plans.get(i)));
        sinks.get(i).write(new Feed(0).put("k", "goes on", null).batch());
        begunAgain++;
      }
    }
    assertThat(begunAgain).isBetween(1, 2);
    awaitSessions(16);
    for (PipelinePlan plan : plans.subList(1, SINKS)) {
      assertThat(STORE.rowsAs(STORE.site().writer(), plan)).hasSize(1);
    }
  }

  /** The second time others do not wait with it. */
  @Test
  void whoseTableIsLockedHasASessionOfItsOwnUntilItHasWritten() throws Exception {
    try (Connection blocker = TestServer.connect(STORE.site().database())) {
      lock(blocker, plans.get(0));
      assertThatThrownBy(() -> write(sinks.get(0), "locked"))
          .isInstanceOfSatisfying(
              StoreProblem.class, e -> assertThat(e.code()).isEqualTo("TableLocked"));
      sinks.get(0).close();
      sinks.set(0, taken(plans.get(0)));
      assertThat(sessions()).hasSize(17);

      Sink locked = sinks.get(0);
      Future<?> writing = threads.submit(() -> write(locked, "at last"));
      awaitWaiting(writing);
      for (Sink sink : sinks.subList(1, SINKS)) {
        write(sink, "goes on");
      }
      assertThat(writing).isNotDone();
      blocker.rollback();
      writing.get();
    }
    sinks.get(0).close();
    awaitSessions(16);
    sinks.set(0, taken(plans.get(0)));
    assertThat(sessions()).hasSize(16);
  }

  @Test
  void whoIsClosedWhileItWaitsDoesNotWriteAndHarmsNobody() throws Exception {
    List<Integer> before = sessions();
    Sink behind = sharing(sinks.get(0));
    try (Connection blocker = TestServer.connect(STORE.site().database())) {
      lock(blocker, plans.get(0));
      Future<?> first = threads.submit(() -> write(sinks.get(0), 1, "first"));
      awaitWaiting(first);
      FutureTask<Void> second = new FutureTask<>(() -> write(behind, "second"));
      Thread waiting = Thread.startVirtualThread(second);
      while (waiting.getState() != Thread.State.WAITING) {
        assertThat(second).isNotDone();
      }

      behind.close();

      assertThatThrownBy(second::get).hasCauseInstanceOf(StoreProblem.class);
      assertThat(first).isNotDone();
      blocker.rollback();
      first.get();
    }
    assertThat(sessions()).isEqualTo(before);
    assertThat(STORE.rowsAs(STORE.site().writer(), plans.get(sinks.indexOf(behind)))).isEmpty();
  }

  /** One that writes by the same session: while the other waits for a lock, it waits too. */
  private Sink sharing(Sink with) throws Exception {
    PipelinePlan plan = plans.get(sinks.indexOf(with));
    try (Connection blocker = TestServer.connect(STORE.site().database())) {
      lock(blocker, plan);
      Future<?> waiting = threads.submit(() -> write(with, "waits"));
      awaitWaiting(waiting);
      for (Sink other : sinks) {
        if (other != with) {
          Future<?> done =
              threads.submit(() -> {
                other.flush();
                return null;
              });
          try {
            done.get(100, TimeUnit.MILLISECONDS);
          } catch (TimeoutException itWaitsToo) {
            blocker.rollback();
            waiting.get();
            done.get();
            return other;
          }
        }
      }
      throw new AssertionError("nobody shares its session");
    }
  }

  private static Void write(Sink sink, String value) throws Exception {
    return write(sink, 0, value);
  }

  private static Void write(Sink sink, long offset, String value) throws Exception {
    sink.write(new Feed(0, offset).put("k", value, null).batch());
    return null;
  }

  @Test
  void aStatementThatIsCancelledLeavesTheSessionToTheOthers() throws Exception {
    List<Integer> before = sessions();
    try (Connection blocker = TestServer.connect(STORE.site().database())) {
      lock(blocker, plans.get(0));
      Future<?> writing = threads.submit(() -> write(sinks.get(0), "cancelled"));
      awaitWaiting(writing);
      TestServer.run(
          "postgres",
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
              + " AND usename = "
              + Quoting.literal(STORE.site().writer().username()));
      assertThatThrownBy(writing::get).hasCauseInstanceOf(StoreProblem.class);
    }
    for (Sink sink : sinks.subList(1, SINKS)) {
      write(sink, "goes on");
    }
    assertThat(sessions()).isEqualTo(before);
  }

  /** A trouble of one table does not spread, and does not make sessions more. */
  @Test
  void aRefusedRowOfOneIsNothingToTheOthers() throws Exception {
    TestServer.run(
        STORE.site().database(),
        "ALTER TABLE " + TableShape.of(plans.get(0)).quoted() + " ADD CHECK (name <> 'refused')");
    List<Integer> before = sessions();
    for (int i = 0; i < 5; i++) {
      Sink refused = sinks.get(0);
      assertThatThrownBy(() -> refused.write(new Feed(0).put("k", "refused", null).batch()))
          .isInstanceOfSatisfying(
              StoreProblem.class, e -> assertThat(e.code()).isEqualTo("SchemaRejected"));
      refused.close();
      sinks.set(0, taken(plans.get(0)));
    }
    for (Sink sink : sinks.subList(1, SINKS)) {
      sink.write(new Feed(0).put("k", "goes on", null).batch());
    }
    assertThat(sessions()).isEqualTo(before);
  }

  @Test
  void afterTheServerCutThemAllEachGoesOn() throws Exception {
    STORE.cutConnections();
    for (int i = 0; i < SINKS; i++) {
      Sink cut = sinks.get(i);
      assertThatThrownBy(() -> cut.write(new Feed(0).put("k", "cut", null).batch()))
          .isInstanceOf(StoreProblem.class);
      cut.close();
      sinks.set(i, taken(plans.get(i)));
      sinks.get(i).write(new Feed(0).put("k", "goes on", null).batch());
    }
    assertThat(sessions()).hasSize(16);
  }

  @Test
  void looksThatComeTogetherAreAnsweredEach() throws Exception {
    List<Future<?>> looking = new ArrayList<>();
    for (int i = 0; i < SINKS; i++) {
      Feed feed = new Feed(0);
      for (int j = 0; j < i; j++) {
        feed.put("k" + j, "x", null);
      }
      sinks.get(i).write(feed.put("last", "x", null).batch());
      PipelinePlan plan = plans.get(i);
      long expected = i + 1L;
      looking.add(
          threads.submit(() -> {
            assertThat(STORE.driver().cursors(STORE.site(), plan).get(0).nextOffset())
                .isEqualTo(expected);
            return null;
          }));
    }
    for (Future<?> each : looking) {
      each.get();
    }
    awaitSessions(16);
  }

  private static Batch many(Feed feed, String value) {
    for (int i = 0; i <= PreparedBatch.MOST_IN_ONE_STATEMENT; i++) {
      feed.put("k" + i, value, null);
    }
    return feed.batch();
  }

  private static void lock(Connection blocker, PipelinePlan plan) throws SQLException {
    blocker.setAutoCommit(false);
    try (Statement statement = blocker.createStatement()) {
      statement.execute("LOCK TABLE " + TableShape.of(plan).quoted());
    }
  }

  private static List<Integer> sessions() throws SQLException {
    return TestServer.lines(
            "postgres",
            "SELECT pid FROM pg_stat_activity WHERE usename = "
                + Quoting.literal(STORE.site().writer().username())
                + " ORDER BY pid")
        .stream()
        .map(Integer::valueOf)
        .toList();
  }

  /** The server hears of an end a little later. */
  private static void awaitSessions(int count) throws Exception {
    long until = System.nanoTime() + 10_000_000_000L;
    while (sessions().size() != count && System.nanoTime() < until) {}
    assertThat(sessions()).hasSize(count);
  }

  private static List<String> stagings() throws SQLException {
    return TestServer.lines(
        STORE.site().database(),
        "SELECT relname FROM pg_class WHERE relname LIKE 'millrace\\_staging\\_%'");
  }

  private static void awaitWaiting(Future<?> writing) throws Exception {
    String waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = "
            + Quoting.literal(STORE.site().writer().username());
    while (TestServer.lines("postgres", waiting).contains("0")) {
      assertThat(writing).isNotDone();
    }
  }
}
