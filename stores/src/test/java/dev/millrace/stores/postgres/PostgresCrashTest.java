package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What is in the store when a batch is cut off in its middle. */
class PostgresCrashTest {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("crashes");

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private PipelinePlan plan;
  private Sink sink;

  @BeforeEach
  void provision(TestInfo test) throws Exception {
    STORE.driver().prepare(STORE.site());
    plan =
        STORE.plan(test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT)).build();
    STORE.driver().provision(STORE.site(), plan, new Reader.Made(STORE.reader(plan)));
    sink = STORE.driver().sink(STORE.site(), plan, "w");
    sink.take(Set.of(0, 1));
  }

  @AfterEach
  void close() {
    sink.close();
    thread.shutdownNow();
  }

  @Test
  void aLargeBatchCutOffInItsMiddleLeavesNothing() throws Exception {
    cutOffInItsMiddle(rows(new Feed(0), 5_000).dead("NotJson", "", "no", "").batch());
  }

  @Test
  void aSmallBatchCutOffInItsMiddleLeavesNothing() throws Exception {
    cutOffInItsMiddle(rows(new Feed(0), 5).dead("NotJson", "", "no", "").batch());
  }

  private void cutOffInItsMiddle(Batch batch) throws Exception {
    try (Connection blocker = TestServer.connect(STORE.site().database())) {
      insertHalfway(blocker);
      Future<?> writing = write(sink, batch);
      awaitWaiting(writing);
      STORE.cutConnections();
      assertUnavailable(writing);
    }
    assertThat(STORE.rowsAs(STORE.site().writer(), plan)).isEmpty();
    List<Cursor> cursors = STORE.driver().cursors(STORE.site(), plan);
    assertThat(cursors).allSatisfy(cursor -> assertThat(cursor.nextOffset()).isZero());
    assertThat(
            STORE
                .driver()
                .deadLetters(STORE.site(), plan, 10, java.util.Optional.empty())
                .entries())
        .isEmpty();
  }

  @Test
  void aHolderStuckInABatchIsEndedByItsSuccessor() throws Exception {
    try (Connection blocker = TestServer.connect(STORE.site().database());
        Sink successor = STORE.driver().sink(STORE.site(), plan, "successor")) {
      insertHalfway(blocker);
      Future<?> writing = write(sink, rows(new Feed(0), 5_000).batch());
      awaitWaiting(writing);
      assertThat(successor.take(Set.of(0))).hasSize(1);
      assertUnavailable(writing);
      blocker.rollback();
      successor.write(new Feed(0).put("a", "successor", null).batch());
    }
    assertThat(STORE.rowsAs(STORE.site().writer(), plan)).hasSize(1);
  }

  @Test
  void aHolderThatOnlyWaitsForWorkIsNotEnded() throws Exception {
    try (Sink successor = STORE.driver().sink(STORE.site(), plan, "successor")) {
      successor.take(Set.of(0));
      successor.write(new Feed(0).put("a", "successor", null).batch());
      sink.write(new Feed(1).put("b", "still there", null).batch());
    }
    assertThat(STORE.rowsAs(STORE.site().writer(), plan)).hasSize(2);
  }

  /** Fifty times, because the server flushes by itself a few times a second. */
  @Test
  void flushingWaitsForTheDisk() throws Exception {
    Feed feed = new Feed(0);
    for (int i = 0; i < 50; i++) {
      sink.write(feed.put("a", "version " + i, null).batch());
      String written = lsn("pg_current_wal_insert_lsn()");
      sink.flush();
      assertThat(lsn("pg_current_wal_flush_lsn() >= '" + written + "'")).isEqualTo("t");
    }
  }

  private static String lsn(String expression) throws Exception {
    return TestServer.lines("postgres", "SELECT " + expression).get(0);
  }

  private static Feed rows(Feed feed, int rows) {
    for (int i = 0; i < rows; i++) {
      feed.put("k" + i, "x", null);
    }
    return feed;
  }

  /** A row that is not committed: whoever meets its key waits, with all it did before. */
  private void insertHalfway(Connection blocker) throws Exception {
    blocker.setAutoCommit(false);
    try (Statement statement = blocker.createStatement()) {
      statement.execute("INSERT INTO " + TableShape.of(plan).quoted() + " VALUES ('k4')");
    }
  }

  private Future<?> write(Sink sink, Batch batch) {
    return thread.submit(() -> {
      sink.write(batch);
      return null;
    });
  }

  private static void awaitWaiting(Future<?> writing) throws Exception {
    String waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = "
            + Quoting.literal(STORE.site().writer().username());
    while (TestServer.lines("postgres", waiting).contains("0")) {
      assertThat(writing).isNotDone();
    }
  }

  private static void assertUnavailable(Future<?> writing) {
    assertThatThrownBy(writing::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            StoreProblem.class,
            problem -> assertThat(problem.code()).isEqualTo("StoreUnavailable"));
  }
}
