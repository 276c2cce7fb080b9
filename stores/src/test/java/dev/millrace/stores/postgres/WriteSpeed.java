package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Feed;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Prints how fast a sink writes; RATIONALE.md says how to run it and what it said. */
final class WriteSpeed {
  private static final int ROWS = 1_000_000;
  private static final PostgresUnderTest STORE = new PostgresUnderTest("speed");

  private WriteSpeed() {}

  public static void main(String[] args) throws Exception {
    STORE.driver().prepare(STORE.site());
    browse();
    load("int64", 15_000);
    for (String key : List.of("int64", "text")) {
      for (int batch : new int[] {5_000, 15_000, 20_000}) {
        load(key, batch);
      }
    }
    for (int batch : new int[] {1, 10, 100, 250, 500, 1_000, 2_000}) {
      latency(batch);
    }
    System.exit(0);
  }

  private static void load(String key, int size) throws Exception {
    PipelinePlan plan = provisioned("load_" + key + size + System.nanoTime(), key);
    try (Sink sink = STORE.driver().sink(STORE.site(), plan, "speed")) {
      sink.take(Set.of(0, 1));
      List<Batch> fresh = batches(key, size, 0);
      List<Batch> again = batches(key, size, ROWS);
      double first = seconds(sink, fresh);
      double second = seconds(sink, again);
      System.out.printf(
          "key %-5s batch %6d: %,9.0f new rows/s, %,9.0f replaced rows/s%n",
          key, size, ROWS / first, ROWS / second);
      long before = System.nanoTime();
      long[] keys = {0};
      sink.presentKeys(Long.MAX_VALUE - 1, k -> keys[0]++);
      System.out.printf(
          "  %d present keys: %.0f ms%n", keys[0], (System.nanoTime() - before) / 1e6);
    }
    STORE.driver().withdraw(STORE.site(), plan, false);
  }

  /** Pages of 50 rows out of 3,000,000, each with a connection of its own, as the API asks. */
  private static void browse() throws Exception {
    for (boolean append : new boolean[] {false, true}) {
      PlanBuilder builder = STORE.plan("browse_" + append).key("id", "int64").column("v", "text");
      PipelinePlan plan = (append ? builder.append() : builder).build();
      STORE.driver().provision(STORE.site(), plan, new Reader.Made(STORE.reader(plan)));
      TestServer.run(
          "speed",
          "INSERT INTO "
              + TableShape.of(plan).quoted()
              + " SELECT i, 'some text ' || i"
              + (append ? ", i % 2, i, false" : "")
              + " FROM generate_series(1, 3000000) i");
      double[] milliseconds = new double[101];
      Optional<String> after = Optional.empty();
      for (int i = 0; i < milliseconds.length; i++) {
        long start = System.nanoTime();
        after = STORE.driver().rows(STORE.site(), plan, 50, after).next();
        milliseconds[i] = (System.nanoTime() - start) / 1e6;
      }
      Arrays.sort(milliseconds);
      System.out.printf(
          "rows of 3,000,000, append %s: median %.0f ms, slowest %.0f ms%n",
          append, milliseconds[50], milliseconds[100]);
      STORE.driver().withdraw(STORE.site(), plan, false);
    }
  }

  private static double seconds(Sink sink, List<Batch> batches) throws Exception {
    long start = System.nanoTime();
    for (Batch batch : batches) {
      sink.write(batch);
    }
    sink.flush();
    return (System.nanoTime() - start) / 1e9;
  }

  private static List<Batch> batches(String key, int size, long offset) {
    Feed feed = new Feed(0, offset);
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      feed.put(row(key, i));
      if (i % size == size - 1) {
        batches.add(feed.batch());
      }
    }
    batches.add(feed.batch());
    return batches;
  }

  private static Object[] row(String key, int i) {
    return new Object[] {
      key.equals("text") ? (Object) ("flight-" + i) : (Object) (long) i,
      Instant.ofEpochSecond(978_307_200L + i * 10L),
      i % 200 - 20,
      i % 3000,
      "S" + i % 100,
      "L" + i % 90
    };
  }

  private static void latency(int size) throws Exception {
    PipelinePlan plan = provisioned("latency_" + size, "int64");
    try (Sink sink = STORE.driver().sink(STORE.site(), plan, "speed")) {
      sink.take(Set.of(0, 1));
      Feed feed = new Feed(0);
      double[] milliseconds = new double[1_000];
      for (int i = 0; i < milliseconds.length; i++) {
        for (int j = 0; j < size; j++) {
          feed.put(row("int64", (i * size + j) % 100_000));
        }
        Batch batch = feed.batch();
        long start = System.nanoTime();
        sink.write(batch);
        milliseconds[i] = (System.nanoTime() - start) / 1e6;
      }
      Arrays.sort(milliseconds);
      System.out.printf(
          "batch %5d: median %.2f ms, 99%% %.2f ms, %.4f ms a row%n",
          size, milliseconds[500], milliseconds[990], milliseconds[500] / size);
    }
  }

  private static PipelinePlan provisioned(String name, String key) throws Exception {
    PipelinePlan plan =
        STORE
            .plan(name)
            .key("id", key)
            .column("date", "timestamp")
            .column("delay", "int32")
            .column("distance", "int32")
            .column("origin", "text")
            .column("destination", "text")
            .build();
    STORE.driver().provision(STORE.site(), plan, new Reader.Made(STORE.reader(plan)));
    return plan;
  }
}
