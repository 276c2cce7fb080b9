package dev.millrace.provisioner.simulation;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where {@code ./millrace simulate} enters: {@code [--seed N] [--steps N] [--minutes M] [--faults
 * N] [--trace]}. Runs one seed after the other until so many faults have struck, or so much time
 * has passed; ends with 1 when a promise was broken, and says the seed that shows it.
 */
public final class Simulate {
  private static final int FAULTS_A_RUN = 120;

  private Simulate() {}

  public static void main(String[] arguments) throws InterruptedException {
    long seed = System.currentTimeMillis();
    long steps = 20_000;
    int each = FAULTS_A_RUN;
    Duration longest = Duration.ofDays(1);
    boolean trace = false;
    try {
      for (int i = 0; i < arguments.length; i++) {
        switch (arguments[i]) {
          case "--seed" -> seed = number(arguments, ++i);
          case "--steps" -> steps = number(arguments, ++i);
          case "--faults" -> each = (int) number(arguments, ++i);
          case "--minutes" -> {
            longest = Duration.ofMinutes(number(arguments, ++i));
            steps = Long.MAX_VALUE;
          }
          case "--trace" -> trace = true;
          default -> throw new IllegalArgumentException("there is no option " + arguments[i]);
        }
      }
    } catch (IllegalArgumentException e) {
      System.err.println(
          "simulate: "
              + e.getMessage()
              + "; the options are --seed N, --steps N, --minutes M, --faults N and --trace");
      System.exit(2);
    }
    System.exit(trace ? one(seed, each) : many(seed, steps, each, longest));
  }

  private static long number(String[] arguments, int at) {
    try {
      return Long.parseLong(arguments[at]);
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException(arguments[at - 1] + " needs a number", e);
    }
  }

  private static int one(long seed, int faults) {
    Simulation.Result result = Simulation.run(seed, faults, true);
    System.out.println(result);
    return result.violation().isEmpty() ? 0 : 1;
  }

  private static int many(long first, long steps, int each, Duration longest)
      throws InterruptedException {
    System.out.printf("seeds from %d, %d faults each%n", first, each);
    AtomicLong next = new AtomicLong(first);
    AtomicLong struck = new AtomicLong();
    AtomicLong events = new AtomicLong();
    AtomicLong stopped = new AtomicLong();
    AtomicBoolean failed = new AtomicBoolean();
    Map<String, Integer> kinds = new ConcurrentHashMap<>();
    long begun = System.nanoTime();
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        pool.submit(() -> {
          while (struck.get() < steps
              && System.nanoTime() - begun < longest.toNanos()
              && !failed.get()) {
            long seed = next.getAndIncrement();
            Simulation.Result result;
            try {
              result = Simulation.run(seed, each, false);
            } catch (RuntimeException | Error e) {
              failed.set(true);
              System.out.printf("seed %d: %s%n", seed, e);
              e.printStackTrace(System.out);
              return;
            }
            struck.addAndGet(result.faults());
            events.addAndGet(result.events());
            stopped.addAndGet(result.stopped());
            result.kinds().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
            if (result.violation().isPresent()) {
              failed.set(true);
              System.out.printf(
                  "seed %d: %s%n  again: ./millrace simulate --seed %d --faults %d --trace%n",
                  seed, result.violation().get(), seed, each);
            }
          }
        });
      }
      pool.shutdown();
      pool.awaitTermination(1, TimeUnit.DAYS);
    }
    System.out.printf(
        "%d runs, %d faults, %d events, %d pipelines stopped for a reason, %.1f s%n%s%n%s%n",
        next.get() - first,
        struck.get(),
        events.get(),
        stopped.get(),
        (System.nanoTime() - begun) / 1e9,
        new TreeMap<>(kinds),
        failed.get() ? "A promise was broken." : "0 violations");
    return failed.get() ? 1 : 0;
  }
}
