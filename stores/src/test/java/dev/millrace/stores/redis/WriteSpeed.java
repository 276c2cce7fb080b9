package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Prints how fast a sink writes hashes of six fields, beside the same commands without any promise
 * (what redis-cli --pipe does) and in one script. RATIONALE.md says how to run it and what it said.
 */
final class WriteSpeed {
  private static final int ROWS = 600_000;

  private final RedisUnderTest redis;
  private final PipelinePlan plan;
  private final RedisKeys keys;
  private final RowFormat format;

  private interface Way {
    void write(Batch batch) throws Exception;
  }

  private WriteSpeed(RedisUnderTest redis, PipelinePlan plan) {
    this.redis = redis;
    this.plan = plan;
    this.keys = RedisKeys.of(plan);
    this.format = RowFormat.of(plan);
  }

  public static void main(String[] args) throws Exception {
    try (RedisUnderTest redis = new RedisUnderTest(Files.createTempDirectory("speed"))) {
      redis.driver().prepare(redis.site());
      for (int size : new int[] {5_000, 20_000}) {
        for (String structure : List.of("Hash", "Json")) {
          new WriteSpeed(redis, provisioned(redis, structure, structure + size)).measure(size);
        }
      }
      latency(redis);
    }
    System.exit(0);
  }

  private void measure(int size) throws Exception {
    try (Sink sink = redis.driver().sink(redis.site(), plan, "speed");
        Connection admin = redis.admin()) {
      sink.take(Set.of(0));
      for (int round = 0; round < 3; round++) {
        report(size, "sink, new keys", sink::write, 2L * round * ROWS);
        report(size, "sink, replaced", sink::write, (2L * round + 1) * ROWS);
        new KeySpace(admin, keys.before()).unlinkAll();
        report(size, "bare pipe, new keys", batch -> pipe(admin, batch), 0);
        report(size, "one script, replaced", batch -> script(admin, batch), 0);
        new KeySpace(admin, keys.before()).unlinkAll();
      }
    }
  }

  /**
   * On a machine that others use too, the time on the processors tells more than the clock. Rows
   * are made beforehand, as a worker makes them in other threads.
   */
  private void report(int size, String way, Way how, long offset) throws Exception {
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < ROWS; from += size) {
      batches.add(batch(from, size, offset));
    }
    Duration server = serverTime();
    long client = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long start = System.nanoTime();
    for (Batch batch : batches) {
      how.write(batch);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    client = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - client;
    System.out.printf(
        "%s batch %6d  %-22s %,9.0f rows/s   server %.2f µs/row, client %.2f µs/row%n",
        plan.target().keys().structure(),
        size,
        way,
        ROWS / seconds,
        serverTime().minus(server).toNanos() / 1e3 / ROWS,
        client / 1e3 / ROWS);
  }

  private Duration serverTime() {
    return ProcessHandle.of(redis.server().pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow();
  }

  private void pipe(Connection connection, Batch batch) throws Exception {
    int before = connection.requests().commands();
    for (Batch.Entry entry : batch.entries()) {
      Outcome.Put put = (Outcome.Put) entry.outcome();
      format.write(connection.requests(), keys.of(put.key()), put.row(), OptionalLong.empty());
    }
    int answers = connection.requests().commands() - before;
    for (int i = 0; i < answers; i++) {
      connection.readOk();
    }
  }

  private void script(Connection connection, Batch batch) throws Exception {
    Requests nested = Requests.nested();
    for (Batch.Entry entry : batch.entries()) {
      Outcome.Put put = (Outcome.Put) entry.outcome();
      byte[] key = keys.of(put.key());
      if (!format.replaces()) {
        nested.command(2);
        nested.word("UNLINK");
        nested.word(key);
      }
      format.write(nested, key, put.row(), OptionalLong.empty());
    }
    connection.requests().command(3 + nested.words());
    connection.requests().word("EVAL");
    connection.requests().word(BatchWriter.IN_TURN);
    connection.requests().word("0");
    connection.requests().words(nested);
    connection.readOk();
  }

  private static void latency(RedisUnderTest redis) throws Exception {
    WriteSpeed speed = new WriteSpeed(redis, provisioned(redis, "Hash", "latency"));
    try (Sink sink = redis.driver().sink(redis.site(), speed.plan, "speed")) {
      sink.take(Set.of(0));
      long at = 0;
      for (int size : new int[] {1, 1, 10, 100, 1_000}) {
        long start = System.nanoTime();
        for (int i = 0; i < 1_000; i++, at += size) {
          sink.write(speed.batch((int) at, size, 0));
        }
        System.out.printf(
            "batch %5d: %,.0f µs each%n", size, (System.nanoTime() - start) / 1e3 / 1_000);
      }
    }
  }

  private Batch batch(int from, int size, long offset) {
    List<Batch.Entry> entries = new ArrayList<>(size);
    for (int i = from; i < from + size; i++) {
      Object[] row = {
        "ci" + (37_000_000 + i),
        "4." + (i % 90 + 10),
        "12km NNE of Somewhere, CA " + i % 1000,
        "2018-02-" + (10 + i % 18) + "T12:34:56.123Z",
        (long) (i % 500),
        i % 700 / 10.0
      };
      entries.add(
          new Batch.Entry(
              0, offset + i, Instant.EPOCH, new Outcome.Put(new StoreKey(row[0]), row)));
    }
    return new Batch(
        entries,
        List.of(
            new Batch.Move(
                0,
                offset + from,
                offset + from + size,
                Optional.of(1),
                new Counts(size, size, 0, 0, 0))));
  }

  private static PipelinePlan provisioned(RedisUnderTest redis, String structure, String name)
      throws Exception {
    PipelinePlan plan =
        redis
            .plan(name)
            .in(redis.target(structure, name + ":{id}", name + ":", null))
            .key("id", "text")
            .column("mag", "text")
            .column("place", "text")
            .column("time", "text")
            .column("felt", "int64")
            .column("depth", "float64")
            .build();
    redis.driver().provision(redis.site(), plan, new Reader.Made(redis.reader(plan)));
    return plan;
  }
}
