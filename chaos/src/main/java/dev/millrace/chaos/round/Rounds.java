package dev.millrace.chaos.round;

import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.report.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Round after round on one site; the kinds take turns. What goes wrong with a round is in its
 * result, and the next one begins on another site, so hundreds can run with nobody there.
 */
public final class Rounds {
  /** All content is compared in each round, so a scene that grows makes rounds slow. */
  private static final long MOST_EVENTS = 80_000;

  /** Every wait within a round ends by itself much sooner. */
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(15);

  private static final int SITES_THAT_MAY_FAIL = 3;

  /**
   * A fault that never happens may be the product's fault: a step of a rebuild that is not taken.
   */
  private static final int TRIES_TO_STRIKE = 3;

  private final List<Kind> kinds;
  private final Plan plan;
  private final Listener listener;
  private int scenes;
  private int failedSites;
  private int missed;

  /**
   * What to run.
   *
   * @param commit of the sources
   * @param seed of the first round; each further one has the next number
   * @param most rounds, with those that are passed over
   * @param longest begins no round after that
   * @param namedWithin how soon a condition has to come for a round to be right
   * @param keep whether to leave the files of every site, not only where something was wrong
   */
  public record Plan(
      String commit, long seed, int most, Duration longest, Duration namedWithin, boolean keep) {}

  public Rounds(List<Kind> kinds, Plan plan, Listener listener) {
    this.kinds = List.copyOf(kinds);
    this.plan = plan;
    this.listener = listener;
  }

  /** What a run is told, and tells. */
  public interface Listener {
    /** Whether a round need not be run, as its result is there. */
    boolean isDone(String kind, long seed);

    /** Of each round, at once. */
    void ended(Result result) throws IOException;

    void says(String sentence);
  }

  /** A site on which a round went wrong is left, with its files, and another one is made. */
  public List<Result> run() throws Exception {
    for (Path left : Leftovers.end(Path.of(System.getProperty("java.io.tmpdir")))) {
      listener.says("ended what a run that was killed left; its files are in " + left);
    }
    Set<Kind> impossible = impossible();
    if (impossible.containsAll(kinds)) {
      return List.of();
    }
    List<Result> done = new ArrayList<>();
    long deadline = System.nanoTime() + plan.longest().toNanos();
    int round = next(0, impossible);
    while (more(round, deadline)) {
      Optional<Site> started = start(round);
      if (started.isEmpty()) {
        continue;
      }
      Site site = started.get();
      boolean right = true;
      try (Scenes all = new Scenes(site)) {
        while (right && more(round, deadline)) {
          long seed = plan.seed() + round;
          Kind kind = kind(round);
          Optional<Result> struck = strike(site, all, kind, seed);
          if (struck.isEmpty()) {
            right = false;
            break;
          }
          Result result = struck.get();
          right = result.right();
          if (right) {
            all.used(kind);
          }
          done.add(result);
          listener.ended(result);
          round = next(round + 1, impossible);
        }
      } finally {
        site.close();
        Leftovers.release(site.directory());
      }
      if (right && !plan.keep()) {
        site.delete();
      } else {
        listener.says("its files are in " + site.directory());
      }
    }
    return done;
  }

  /** The first from here that is still to be run. */
  private int next(int from, Set<Kind> impossible) {
    int round = from;
    while (round < plan.most()
        && (impossible.contains(kind(round))
            || listener.isDone(kind(round).name(), plan.seed() + round))) {
      round++;
    }
    return round;
  }

  /** They keep their turn, so a seed means the same kind on every machine. */
  private Set<Kind> impossible() throws Exception {
    Set<Kind> impossible = new HashSet<>();
    for (Kind kind : kinds) {
      Optional<String> why = kind.impossible();
      if (why.isPresent()) {
        listener.says(kind.name() + " is passed over: " + why.get());
        impossible.add(kind);
      }
    }
    return impossible;
  }

  /** Short runs begin elsewhere each time, and the same seed begins at the same kind. */
  private Kind kind(int round) {
    return kinds.get((int) Math.floorMod(plan.seed() + round, (long) kinds.size()));
  }

  private boolean more(int round, long deadline) {
    return round < plan.most() && System.nanoTime() < deadline;
  }

  /** Empty when it did not come up: once is bad luck, again and again is something to look at. */
  private Optional<Site> start(int round) throws Exception {
    try {
      Site site = Site.start();
      failedSites = 0;
      return Optional.of(site);
    } catch (Exception e) {
      listener.says("before seed " + (plan.seed() + round) + " no site: " + Round.sentence(e));
      if (++failedSites == SITES_THAT_MAY_FAIL) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Empty when the fault did not happen, which proves nothing, and is to be tried again. */
  private Optional<Result> strike(Site site, Scenes scenes, Kind kind, long seed) throws Exception {
    try {
      Result result = within(site, kind, seed, () -> round(scenes, kind, seed));
      missed = 0;
      return Optional.of(result);
    } catch (FaultMissed e) {
      listener.says(kind.name() + " with seed " + seed + " did not strike: " + e.getMessage());
      if (++missed < TRIES_TO_STRIKE) {
        return Optional.empty();
      }
      missed = 0;
      return Optional.of(Round.failed(kind, seed, plan.commit(), Round.sentence(e)));
    }
  }

  private Result round(Scenes scenes, Kind kind, long seed) {
    Scene scene;
    try {
      scene = scenes.scene(seed);
    } catch (Exception e) {
      return Round.failed(
          kind, seed, plan.commit(), "before the fault, no scene: " + Round.sentence(e));
    }
    return Round.run(scene, kind, seed, plan.commit(), plan.namedWithin());
  }

  private interface Run {
    Result run();
  }

  /** A round that hangs is given up, and what all threads do then is kept beside its files. */
  private Result within(Site site, Kind kind, long seed, Run run) throws Exception {
    FutureTask<Result> task = new FutureTask<>(run::run);
    Thread thread = Thread.ofPlatform().name("round").daemon().start(task);
    try {
      return task.get(LONGEST_ROUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException hangs) {
      Path threads = site.directory().resolve("threads.txt");
      Files.writeString(threads, stacks());
      thread.interrupt();
      return Round.failed(
          kind, seed, plan.commit(), "did not end in " + LONGEST_ROUND + ", see " + threads);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FaultMissed missing) {
        throw missing;
      }
      return Round.failed(kind, seed, plan.commit(), Round.sentence(e));
    }
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet()) {
      text.append(each.getKey().getName()).append('\n');
      for (StackTraceElement frame : each.getValue()) {
        text.append("    at ").append(frame).append('\n');
      }
    }
    return text.toString();
  }

  /** The present scene, and a fresh one when that is worn. */
  private final class Scenes implements AutoCloseable {
    private final Site site;
    private @Nullable Scene present;

    Scenes(Site site) {
      this.site = site;
    }

    Scene scene(long seed) throws Exception {
      Scene scene = present;
      if (scene == null) {
        scene = Scene.open(site, ++scenes, seed);
        present = scene;
      }
      return scene;
    }

    void used(Kind kind) {
      Scene scene = present;
      if (scene != null
          && (kind.spendsTheScene() || scene.isUsedUp() || scene.log().events() > MOST_EVENTS)) {
        present = null;
        scene.close();
      }
    }

    @Override
    public void close() {
      if (present != null) {
        present.load().close();
      }
    }
  }
}
