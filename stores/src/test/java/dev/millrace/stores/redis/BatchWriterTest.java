package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All of a batch or nothing, and a cursor that never runs ahead. */
class BatchWriterTest {
  private static RedisUnderTest redis;
  private static int names;

  private PipelinePlan plan;

  @BeforeAll
  static void start(@TempDir Path directory) throws StoreProblem {
    redis = new RedisUnderTest(directory);
    redis.driver().prepare(redis.site());
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void provision() throws StoreProblem {
    plan = provisioned(redis.plan("batch" + ++names).build());
  }

  @Test
  void whatSomebodyElsePutUnderAKeyGoesWithoutHarm() throws Exception {
    try (Connection admin = redis.admin();
        Sink sink = taken(plan)) {
      admin.ask("RPUSH", key("a"), "x");
      admin.ask("SADD", key("b"), "x");
      admin.ask("SET", key("c"), "x");
      sink.write(
          new Feed(0)
              .put("a", "1", null)
              .put("b", "1", null)
              .delete("c")
              .put("z", "1", null)
              .batch());
      assertThat(redis.rowsAs(redis.site().writer(), plan)).hasSize(3);
      assertThat(nextOffset(admin)).isEqualTo(4);
    }
  }

  @Test
  void aConnectionThatBreaksAnywhereLeavesAllOfABatchOrNothing() throws Exception {
    int rows = 1_000;
    long at = 0;
    String content = "";
    Set<String> outcomes = new TreeSet<>();
    try (CuttingProxy proxy = new CuttingProxy(redis.site().port());
        Connection admin = redis.admin()) {
      // A batch of this size is about 100 kB; the last cuts take only its answer.
      for (int cut : new int[] {1, 30, 5_000, 40_000, 70_000, 90_000, 200_000, 1_000_000}) {
        try (Sink sink = redis.driver().sink(proxy.in(redis.site()), plan, "w")) {
          sink.take(Set.of(0, 1));
          Feed feed = new Feed(0, at);
          for (int i = 0; i < rows; i++) {
            feed.put("k" + i, "cut at " + cut, null);
          }
          proxy.cutAfter(cut);
          assertThatExceptionOfType(StoreProblem.class)
              .isThrownBy(() -> sink.write(feed.batch()))
              .satisfies(problem -> assertThat(problem.code()).isEqualTo("StoreUnavailable"));
        }
        proxy.awaitCut();
        boolean moved = nextOffset(admin) == at + rows;
        outcomes.add(moved ? "all" : "nothing");
        content = moved ? "cut at " + cut : content;
        at = moved ? at + rows : at;
        assertThat(nextOffset(admin)).isEqualTo(at);
        assertThat(versions()).isEqualTo(content.isEmpty() ? Set.of() : Set.of(content));
      }
    }
    assertThat(outcomes).containsExactly("all", "nothing");
  }

  private Set<String> versions() throws Exception {
    Set<String> versions = new TreeSet<>();
    redis.rowsAs(redis.site().writer(), plan).forEach(row -> versions.add(row.get("name")));
    return versions;
  }

  @Test
  void aPermissionThatGoesWhileABatchIsQueuedMovesNoCursor() throws Exception {
    String writer = redis.site().writer().username();
    String prefix = plan.target().keys().prefix();
    String cursor = new Cursors(plan).key(0);
    try (Connection admin = redis.admin();
        Connection connection = redis.connect(redis.site().writer())) {
      connection.ask("MULTI");
      connection.ask("HSET", prefix + "first", "a", "1");
      connection.ask(
          "EVAL",
          BatchWriter.IN_TURN,
          "2",
          prefix + "last",
          cursor,
          "4",
          "HSET",
          prefix + "last",
          "a",
          "1",
          "4",
          "HSET",
          cursor,
          "next_offset",
          "2");
      admin.ask("ACL", "SETUSER", writer, "resetkeys", "~millrace:*");
      Reply executed = connection.ask("EXEC");
      redis.driver().prepare(redis.site());

      assertThat(executed.items()).allMatch(reply -> reply instanceof Reply.Failure);
      assertThat(nextOffset(admin)).isZero();
      assertThat(RedisUnderTest.keys(admin, prefix)).isEmpty();
    }
  }

  /**
   * Of two rows and two deletions one each is queued, the last are in the script with the cursor.
   */
  @ParameterizedTest
  @ValueSource(strings = {"resetkeys", "-restore", "-unlink"})
  void whatFailsWithinATransactionIsToldAndMovesNoCursor(String rule) throws Exception {
    String writer = redis.site().writer().username();
    try (Connection admin = redis.admin();
        HeldExec network = new HeldExec(redis.site().port());
        Sink sink = redis.driver().sink(network.in(redis.site()), plan, "w")) {
      sink.take(Set.of(0, 1));
      network.beforeExec(() -> {
        while (!admin.ask("CLIENT", "LIST").text().contains(" multi=3 ")) {
          Thread.onSpinWait();
        }
        admin.ask("ACL", "SETUSER", writer, rule, "~millrace:*");
      });
      assertThatExceptionOfType(StoreProblem.class)
          .isThrownBy(() ->
              sink.write(
                  new Feed(0)
                      .put("a", "1", null)
                      .put("b", "1", null)
                      .delete("c")
                      .delete("d")
                      .batch()))
          .satisfies(problem -> assertThat(problem.code()).isEqualTo("PermissionMissing"));
      assertThat(nextOffset(admin)).isZero();
    } finally {
      redis.driver().prepare(redis.site());
    }
  }

  @Test
  void aWriterWithoutThePrefixWritesNothingAtAllAndIsToldTheRule() throws Exception {
    String writer = redis.site().writer().username();
    try (Connection admin = redis.admin();
        Sink sink = taken(plan)) {
      admin.ask("ACL", "SETUSER", writer, "resetkeys", "~millrace:*");
      assertThatExceptionOfType(StoreProblem.class)
          .isThrownBy(() -> sink.write(new Feed(0).put("a", "1", null).batch()))
          .satisfies(problem -> assertThat(problem.code()).isEqualTo("PermissionMissing"));
      redis.driver().prepare(redis.site());
      assertThat(nextOffset(admin)).isZero();
    }
  }

  @Test
  void aFullServerWritesNothingAndGoesOnOnceThereIsRoom() throws Exception {
    try (Connection admin = redis.admin();
        Sink sink = taken(plan)) {
      admin.ask("CONFIG", "SET", "maxmemory", "1");
      assertThatExceptionOfType(StoreProblem.class)
          .isThrownBy(() -> sink.write(new Feed(0).put("a", "1", null).put("b", "1", null).batch()))
          .satisfies(problem -> assertThat(problem.code()).isEqualTo("StoreFull"))
          .satisfies(problem -> assertThat(problem.passing()).isTrue());
      admin.ask("CONFIG", "SET", "maxmemory", "0");
      assertThat(nextOffset(admin)).isZero();
      assertThat(redis.rowsAs(redis.site().writer(), plan)).isEmpty();
      sink.write(new Feed(0).put("a", "1", null).batch());
      assertThat(nextOffset(admin)).isEqualTo(1);
    }
  }

  @Test
  void twoHoldersThatBothGoOnNeverWriteTheSameOffsetTwice() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> workers = new ArrayList<>();
    List<Throwable> faults = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int w = 0; w < 3; w++) {
      workers.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, fault) -> faults.add(fault))
              .start(() -> appendUntil(stop)));
    }
    try (Connection admin = redis.admin()) {
      while (nextOffset(admin) < 300 && faults.isEmpty()) {
        LockSupport.parkNanos(1_000_000);
      }
      stop.set(true);
      for (Thread worker : workers) {
        worker.join();
      }
      assertThat(faults).isEmpty();
      // Each offset leaves one dead letter: a second writing, or a hole, would show here.
      List<String> letters =
          admin
              .ask("LRANGE", new Bookkeeping(redis.site().store()).deadLetters(plan), "0", "-1")
              .items()
              .stream()
              .map(Reply::text)
              .toList();
      assertThat(letters).hasSize((int) nextOffset(admin));
      for (int i = 0; i < letters.size(); i++) {
        assertThat(letters.get(i)).contains("\"offset\":" + i + ",");
      }
    }
  }

  /** Takes the partition over whenever it was fenced. */
  private void appendUntil(AtomicBoolean stop) {
    while (!stop.get()) {
      try (Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
        List<Cursor> cursors = sink.take(Set.of(0));
        Feed feed = new Feed(0, cursors.get(0).nextOffset());
        while (!stop.get()) {
          sink.write(feed.dead("NotJson", "", "m", "").dead("X", "", "", "").batch());
        }
      } catch (Fenced takenOver) {
        // Takes it over again.
      } catch (StoreProblem ended) {
        if (!ended.code().equals("StoreUnavailable")) {
          throw new IllegalStateException(ended);
        }
      }
    }
  }

  @Test
  void expiryCountsFromTheEventAndAnOldEventLeavesNoKey() throws Exception {
    for (String structure : List.of("Hash", "Json")) {
      String name = "ttl-" + structure.toLowerCase(java.util.Locale.ROOT);
      PipelinePlan expiring =
          provisioned(
              redis
                  .plan(name)
                  .in(redis.target(structure, name + ":{id}", name + ":", 3600L))
                  .build());
      Instant now = Instant.now();
      try (Connection admin = redis.admin();
          Sink sink = taken(expiring)) {
        sink.write(
            batch(
                put(0, "young", now.minusSeconds(600)),
                put(1, "old", now.minusSeconds(7200)),
                put(2, "ancient", Instant.ofEpochMilli(-1)),
                put(3, "far", Instant.ofEpochMilli(Long.MAX_VALUE))));
        assertThat(RedisUnderTest.keys(admin, name))
            .containsExactly(name + ":far", name + ":young");
        assertThat(admin.ask("PTTL", name + ":young").number()).isBetween(2_900_000L, 3_000_000L);
        sink.write(batch(put(4, "young", now)));
        assertThat(admin.ask("PTTL", name + ":young").number()).isGreaterThan(3_500_000L);
      }
    }
  }

  @Test
  void whatWasFlushedOutlivesTheServersDeath(@TempDir Path directory) throws Exception {
    PipelinePlan kept;
    try (RedisUnderTest mortal = new RedisUnderTest(directory)) {
      mortal.driver().prepare(mortal.site());
      kept = mortal.plan("kept").build();
      mortal.driver().provision(mortal.site(), kept, new Reader.Made(mortal.reader(kept)));
      try (Sink sink = mortal.driver().sink(mortal.site(), kept, "w")) {
        sink.take(Set.of(0, 1));
        Feed feed = new Feed(0);
        for (int i = 0; i < 5_000; i++) {
          feed.put("k" + i, "x", null);
        }
        sink.write(feed.batch());
        sink.flush();
      }
      mortal.server().kill();
    }
    try (RedisUnderTest reborn = new RedisUnderTest(directory)) {
      assertThat(reborn.rowsAs(reborn.reader(kept), kept)).hasSize(5_000);
      assertThat(reborn.driver().cursors(reborn.site(), kept).get(0).nextOffset()).isEqualTo(5_000);
    }
  }

  /**
   * The file of a killed server stays with the kernel, so a death does not show what was synced.
   */
  @Test
  void aFlushWaitsForASyncThatBeganAfterTheWrite() throws Exception {
    try (Connection admin = redis.admin();
        Sink sink = taken(plan)) {
      Feed feed = new Feed(0);
      // One that did not wait would be back within the same second, most times at least.
      for (int i = 0; i < 3; i++) {
        long before = ServerInfo.of(admin).second();
        while (ServerInfo.of(admin).second() == before) {
          Thread.onSpinWait();
        }
        sink.write(feed.put("a", "1", null).batch());
        sink.flush();
        assertThat(ServerInfo.of(admin).second()).isGreaterThan(before + 1);
      }
    }
  }

  @Test
  void aCommandInAnEventIsNothingButText() throws Exception {
    String evil = "x\r\n*1\r\n$8\r\nFLUSHALL\r\n$-1\r\n";
    try (Connection admin = redis.admin();
        Sink sink = taken(plan)) {
      long before = admin.ask("DBSIZE").number();
      sink.write(new Feed(0).put(evil, evil, null).put("millrace:prefixes", evil, null).batch());
      assertThat(admin.ask("DBSIZE").number()).isEqualTo(before + 2);
      assertThat(admin.ask("HGETALL", key(evil)).fields()).containsEntry("name", evil);
      assertThat(RedisUnderTest.keys(admin, key("millrace:prefixes"))).hasSize(1);
    }
  }

  private static Batch batch(Batch.Entry... entries) {
    List<Batch.Entry> all = List.of(entries);
    long from = all.get(0).offset();
    return new Batch(
        all,
        List.of(
            new Batch.Move(
                0,
                from,
                from + all.size(),
                Optional.empty(),
                new dev.millrace.api.status.Counts(all.size(), all.size(), 0, 0, 0))));
  }

  private static Batch.Entry put(long offset, String id, Instant time) {
    return new Batch.Entry(
        0, offset, time, new Outcome.Put(new StoreKey(id), new Object[] {id, "n", null}));
  }

  private String key(String id) {
    return plan.target().keys().prefix() + id;
  }

  private long nextOffset(Connection admin) throws StoreProblem {
    return Long.parseLong(
        admin.ask("HMGET", new Cursors(plan).key(0), "next_offset").items().get(0).text());
  }

  private static Sink taken(PipelinePlan plan) throws StoreProblem {
    Sink sink = redis.driver().sink(redis.site(), plan, "w");
    sink.take(Set.of(0, 1));
    return sink;
  }

  private static PipelinePlan provisioned(PipelinePlan plan) throws StoreProblem {
    StoreSite site = redis.site();
    Credentials reader = redis.reader(plan);
    redis.driver().provision(site, plan, new Reader.Made(reader));
    return plan;
  }
}
