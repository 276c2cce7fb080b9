package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Feed;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long others wait while a swap moves so many keys; run by hand, figures in RATIONALE.md.
 *
 * <p>Arguments: numbers of keys, of which all differ, or with an s behind it none.
 */
final class SwapStall {
  private SwapStall() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("swap-stall");
    try (RedisUnderTest redis = new RedisUnderTest(directory)) {
      redis.driver().prepare(redis.site());
      int names = 0;
      for (String argument : arguments) {
        boolean same = argument.endsWith("s");
        int keys = Integer.parseInt(argument.replace("s", ""));
        String name = "stall" + ++names;
        PipelinePlan live = build(new PlanBuilder(name, redis.target(name)), 1);
        PipelinePlan next = build(new PlanBuilder(name, redis.target(name)), 2);
        PipelinePlan shadow =
            build(new PlanBuilder(name + "~rebuild", redis.shadowTarget(live)).uid(name + "~2"), 2);
        redis.driver().provision(redis.site(), live, new Reader.Made(redis.reader(live)));
        redis.driver().provision(redis.site(), shadow, new Reader.None());
        fill(redis, live, keys, "old");
        fill(redis, shadow, keys, same ? "old" : "new");
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong longest = new AtomicLong();
        Thread looking = Thread.ofPlatform().start(() -> look(redis, done, longest));
        reset(redis);
        long begun = System.nanoTime();
        new Swap(redis.site(), live, shadow, next, Integer.MAX_VALUE)
            .run(redis.site().admin().orElseThrow());
        long took = System.nanoTime() - begun;
        done.set(true);
        looking.join();

        redis.driver().withdraw(redis.site(), shadow, false);
        redis.driver().withdraw(redis.site(), next, false);
        System.out.printf(
            "%,d keys, %s: swap %,d ms, longest wait %,d ms, of that the script %,d ms%n",
            keys,
            same ? "all the same" : "all differ",
            took / 1_000_000,
            longest.get() / 1_000_000,
            slowest(redis));
      }
    }
  }

  private static PipelinePlan build(PlanBuilder builder, long definition) {
    return builder
        .definition(definition)
        .key("id", "text")
        .column("name", "text")
        .column("email", "text")
        .column("total", "int64")
        .partitions(1)
        .build();
  }

  private static void fill(RedisUnderTest redis, PipelinePlan plan, int keys, String version)
      throws Exception {
    try (Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
      sink.take(Set.of(0));
      Feed feed = new Feed(0);
      for (int i = 0; i < keys; i++) {
        feed.put("key-of-a-row-" + i, version + " " + i, "somebody" + i + "@example.org", (long) i);
        if (i % 10_000 == 9_999) {
          sink.write(feed.batch());
        }
      }
      sink.write(feed.batch());
    }
  }

  private static void reset(RedisUnderTest redis) throws Exception {
    try (Connection connection = redis.admin()) {
      connection.ask("SLOWLOG", "RESET");
    }
  }

  private static long slowest(RedisUnderTest redis) throws Exception {
    try (Connection connection = redis.admin()) {
      return connection.ask("SLOWLOG", "GET", "100").items().stream()
          .mapToLong(entry -> entry.items().get(2).number() / 1_000)
          .max()
          .orElse(0);
    }
  }

  private static void look(RedisUnderTest redis, AtomicBoolean done, AtomicLong longest) {
    try (Connection connection = redis.admin()) {
      while (!done.get()) {
        long begun = System.nanoTime();
        connection.ask("PING");
        longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
      }
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }
}
