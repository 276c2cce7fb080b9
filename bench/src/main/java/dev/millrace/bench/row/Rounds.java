package dev.millrace.bench.row;

import dev.millrace.bench.contestant.Attempt;
import dev.millrace.bench.contestant.Contestant;
import dev.millrace.bench.contestant.Scale;
import dev.millrace.bench.result.Result;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Usage;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Scenario after scenario on one site, and in each round after round, in which all take their turn:
 * machines drift, and only what ran side by side may be compared.
 */
public final class Rounds {
  private static final long LONGEST_MINUTES = 20;

  private final Plan plan;
  private final Listener listener;
  private final String session = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

  /**
   * What to run.
   *
   * @param peers whether programs of others take part
   */
  public record Plan(String commit, Scale scale, int rounds, long seed, boolean peers) {}

  /** Is told of each run, at once. */
  public interface Listener {
    void ended(Result result) throws IOException;
  }

  public Rounds(Plan plan, Listener listener) {
    this.plan = plan;
    this.listener = listener;
  }

  public List<Result> run(Site site, List<Scenario> scenarios) throws Exception {
    List<Result> done = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      for (int round = 0; round < plan.rounds(); round++) {
        for (Contestant contestant : scenario.contestants()) {
          if (plan.peers() || !contestant.isPeer()) {
            Result result = run(site, scenario.name(), contestant, round);
            done.add(result);
            listener.ended(result);
          }
        }
      }
    }
    return done;
  }

  /** One that fails has failed alone; the next begins with empty stores anyway. */
  private Result run(Site site, String scenario, Contestant contestant, int round)
      throws InterruptedException {
    String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    double load = Usage.load();
    Attempt attempt;
    try {
      attempt = inTime(() -> contestant.run(site, plan.scale(), round));
    } catch (ExecutionException e) {
      attempt = new Attempt(0, 0, Map.of(), List.of("failed: " + sentence(e.getCause())));
    } catch (TimeoutException e) {
      attempt = new Attempt(0, 0, Map.of(), List.of("not done in " + LONGEST_MINUTES + " minutes"));
    }
    return new Result(
        plan.commit(),
        at,
        session,
        scenario,
        contestant.name(),
        round,
        attempt.events(),
        attempt.seconds(),
        attempt.figures(),
        load,
        Runtime.getRuntime().availableProcessors(),
        attempt.wrong());
  }

  private static Attempt inTime(java.util.concurrent.Callable<Attempt> run)
      throws ExecutionException, TimeoutException, InterruptedException {
    FutureTask<Attempt> task = new FutureTask<>(run);
    Thread thread = Thread.ofPlatform().name("run").daemon().start(task);
    try {
      return task.get(LONGEST_MINUTES, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw e;
    }
  }

  private static String sentence(Throwable e) {
    StackTraceElement[] stack = e.getStackTrace();
    return e + (stack.length == 0 ? "" : " at " + stack[0]);
  }
}
