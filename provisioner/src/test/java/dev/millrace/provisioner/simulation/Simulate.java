package dev.millrace.provisioner.simulation;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
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
  /** A run takes a fraction of a second. */
  private static final Duration ENDLESS = Duration.ofMinutes(2);

  private static final Duration ENDLESS_AFTER_ANOTHER = Duration.ofSeconds(10);

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

  /** Simulated time does not pass where the core goes round in circles. */
  private record UnderWay(long seed, Thread thread, long begun) {
    void exitAfter(Duration endless) {
      if (System.nanoTime() - begun > endless.toNanos()) {
        System.out.printf("seed %d: does not end; it is at%n", seed);
        for (StackTraceElement at : thread.getStackTrace()) {
          System.out.println("    " + at);
        }
        System.exit(1);
      }
    }
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
    Set<UnderWay> underWay = ConcurrentHashMap.newKeySet();
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
            UnderWay mine = new UnderWay(seed, Thread.currentThread(), System.nanoTime());
            underWay.add(mine);
            try {
              result = Simulation.run(seed, each, false);
            } catch (RuntimeException | Error e) {
              failed.set(true);
              System.out.printf("seed %d: %s%n", seed, e);
              e.printStackTrace(System.out);
              return;
            } finally {
              underWay.remove(mine);
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
      while (!pool.awaitTermination(1, TimeUnit.SECONDS)) {
        Duration endless = failed.get() ? ENDLESS_AFTER_ANOTHER : ENDLESS;
        underWay.forEach(run -> run.exitAfter(endless));
      }
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
