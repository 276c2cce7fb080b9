package dev.millrace.bench.growth;

import dev.millrace.bench.contestant.Figures;
import dev.millrace.bench.result.Result;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How cost grows along a dimension, by all rounds of one commit. A step is from one point to the
 * next; it is a cliff when a unit of work takes more than {@link #CLIFF} times the seconds, or the
 * worker's CPU, that it took before. Such a ratio is of one round, and the median of the rounds
 * counts. What the store's own client takes for the same rows, and what a further one takes where
 * each point is more work ({@link Dimension#adds}), are told beside, and excuse nothing.
 *
 * @param costs of the points that were measured
 * @param steps between two points that were measured in one round at least
 */
public record Growth(Dimension dimension, String commit, List<Cost> costs, List<Step> steps) {
  /** Within it lie the drift of a machine and the noise of a round; what grows worse does not. */
  public static final double CLIFF = 1.5;

  /** Of what a run takes: several that are said to have cost less than one have cost this. */
  private static final double NOISE = 0.05;

  /**
   * What one point takes, for a unit of work.
   *
   * @param seconds all figures are medians of the rounds
   * @param self the workers' CPU
   * @param leastShare in percent; not a number where there is one worker
   * @param takenOver in seconds; not a number where nobody is killed
   * @param copied seconds of {@code psql \\copy} of the same rows; not a number where none was
   */
  public record Cost(
      String point,
      int rounds,
      double events,
      double seconds,
      double self,
      double store,
      double peak,
      double leastShare,
      double takenOver,
      double copied) {}

  /**
   * By how much a unit's cost grew.
   *
   * @param copied by how much that of {@code psql \\copy} did; not a number where there is none
   * @param further null where all points are the same work
   */
  public record Step(
      String from,
      String to,
      double seconds,
      double self,
      double copied,
      @Nullable Further further) {
    public boolean isCliff() {
      return steepness() > CLIFF;
    }

    double steepness() {
      return larger(seconds, self);
    }
  }

  /**
   * What each took by which a point is more than the one before.
   *
   * @param seconds of each
   * @param self the workers' CPU seconds of each
   * @param times the larger of both, as a multiple of what each took so far beyond the first, or of
   *     what the first took
   */
  public record Further(double seconds, double self, double times) {}

  /** By the commit that was measured last; empty when none was. */
  public static Optional<Growth> of(Dimension dimension, List<Result> results) {
    List<Result> right =
        results.stream()
            .filter(each -> each.scenario().equals(dimension.scenarioName()) && each.right())
            .sorted(Comparator.comparing(Result::at))
            .toList();
    if (right.isEmpty()) {
      return Optional.empty();
    }
    String commit = right.get(right.size() - 1).commit();
    List<Result> mine = right.stream().filter(each -> each.commit().equals(commit)).toList();
    return Optional.of(
        new Growth(dimension, commit, costs(dimension, mine), steps(dimension, mine)));
  }

  /** Of rounds of a commit, those in which every point is there and right. */
  public static int complete(Dimension dimension, String commit, List<Result> results) {
    return (int)
        rounds(
                results.stream()
                    .filter(each ->
                        each.scenario().equals(dimension.scenarioName())
                            && each.commit().equals(commit)
                            && each.right())
                    .toList())
            .stream()
            .filter(round -> round.keySet().containsAll(dimension.contestants()))
            .count();
  }

  public List<Step> cliffs() {
    return steps.stream().filter(Step::isCliff).toList();
  }

  /** The step that comes nearest to a cliff; empty when there is none. */
  public Optional<Step> steepest() {
    return steps.stream().max(Comparator.comparingDouble(Step::steepness));
  }

  private static List<Cost> costs(Dimension dimension, List<Result> results) {
    List<Cost> costs = new ArrayList<>();
    for (String point : dimension.names()) {
      List<Result> runs = results.stream().filter(each -> each.contestant().equals(point)).toList();
      if (!runs.isEmpty()) {
        costs.add(
            new Cost(
                point,
                runs.size(),
                median(runs, Result::events),
                median(runs, Growth::seconds),
                median(runs, run -> perUnit(run, Figures.CPU_SELF)),
                median(runs, run -> perUnit(run, Figures.CPU_STORE)),
                median(runs, run -> run.figure(Figures.PEAK)),
                median(runs, run -> run.figure(Figures.LEAST_SHARE)),
                median(runs, run -> run.figure(Figures.TAKEN_OVER)),
                copied(point, runs.getFirst().figure(Figures.UNITS), results)));
      }
    }
    return costs;
  }

  /** The same rows have as many units. */
  private static double copied(String point, double units, List<Result> results) {
    return median(
        results.stream().filter(each -> each.contestant().equals(Dimension.copyOf(point))).toList(),
        run -> run.seconds() / units);
  }

  private static List<Step> steps(Dimension dimension, List<Result> results) {
    Collection<Map<String, Result>> rounds = rounds(results);
    List<Step> steps = new ArrayList<>();
    List<String> names = dimension.steps();
    for (int i = 1; i < names.size(); i++) {
      String from = names.get(i - 1);
      String to = names.get(i);
      List<Map<String, Result>> both =
          rounds.stream()
              .filter(round -> round.containsKey(from) && round.containsKey(to))
              .toList();
      if (!both.isEmpty()) {
        steps.add(
            new Step(
                from,
                to,
                median(both, round -> seconds(round.get(to)) / seconds(round.get(from))),
                median(
                    both,
                    round ->
                        perUnit(round.get(to), Figures.CPU_SELF)
                            / perUnit(round.get(from), Figures.CPU_SELF)),
                median(both, round -> copied(to, round) / copied(from, round)),
                dimension.adds() ? further(names.getFirst(), from, to, both) : null));
      }
    }
    return steps;
  }

  private static @Nullable Further further(
      String first, String from, String to, List<Map<String, Result>> rounds) {
    List<Map<String, Result>> all =
        rounds.stream().filter(round -> round.containsKey(first)).toList();
    ToDoubleFunction<Result> self = run -> perUnit(run, Figures.CPU_SELF);
    return all.isEmpty()
        ? null
        : new Further(
            median(all, round -> each(from, to, round, Growth::seconds)),
            median(all, round -> each(from, to, round, self)),
            larger(
                median(all, round -> timesSoFar(first, from, to, round, Growth::seconds)),
                median(all, round -> timesSoFar(first, from, to, round, self))));
  }

  /** Where no CPU can be told, seconds alone count. */
  private static double larger(double seconds, double self) {
    return Double.isNaN(self) ? seconds : Math.max(seconds, self);
  }

  private static double timesSoFar(
      String first,
      String from,
      String to,
      Map<String, Result> round,
      ToDoubleFunction<Result> cost) {
    double one = cost.applyAsDouble(round.get(first));
    int beyond = Integer.parseInt(from) - Integer.parseInt(first);
    double soFar =
        beyond == 0
            ? one / Integer.parseInt(first)
            : Math.max(each(first, from, round, cost), NOISE * one / beyond);
    return each(from, to, round, cost) / soFar;
  }

  private static double each(
      String from, String to, Map<String, Result> round, ToDoubleFunction<Result> cost) {
    return (cost.applyAsDouble(round.get(to)) - cost.applyAsDouble(round.get(from)))
        / (Integer.parseInt(to) - Integer.parseInt(from));
  }

  private static double copied(String point, Map<String, Result> round) {
    Result copy = round.get(Dimension.copyOf(point));
    return copy == null ? Double.NaN : copy.seconds() / round.get(point).figure(Figures.UNITS);
  }

  private static Collection<Map<String, Result>> rounds(List<Result> results) {
    Map<String, Map<String, Result>> rounds = new HashMap<>();
    for (Result each : results) {
      rounds
          .computeIfAbsent(each.session() + " " + each.round(), key -> new HashMap<>())
          .put(each.contestant(), each);
    }
    return rounds.values();
  }

  private static double seconds(Result run) {
    return run.seconds() / run.figure(Figures.UNITS);
  }

  private static double perUnit(Result run, String figure) {
    return run.figure(figure) / run.figure(Figures.UNITS);
  }

  private static <T> double median(List<T> of, ToDoubleFunction<T> value) {
    double[] values =
        of.stream().mapToDouble(value).filter(each -> !Double.isNaN(each)).sorted().toArray();
    int middle = values.length / 2;
    return values.length == 0
        ? Double.NaN
        : values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
