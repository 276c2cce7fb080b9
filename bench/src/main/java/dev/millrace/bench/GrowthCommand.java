package dev.millrace.bench;

import dev.millrace.bench.contestant.Scale;
import dev.millrace.bench.growth.Dimension;
import dev.millrace.bench.growth.Dimensions;
import dev.millrace.bench.growth.Growth;
import dev.millrace.bench.growth.GrowthReport;
import dev.millrace.bench.result.Result;
import dev.millrace.bench.row.Rounds;
import dev.millrace.bench.site.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./millrace bench growth}. */
@Command(
    name = "growth",
    description =
        "How cost grows with the work, dimension by dimension; ends with 0 when all content was right.")
final class GrowthCommand implements Callable<Integer> {
  private static final int ROUNDS = 3;

  @Parameters(paramLabel = "DIMENSION", description = "Only these; a wrong name lists all.")
  List<String> names = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "Of each dimension (3).")
  @Nullable Integer rounds;

  @Option(
      names = "--smoke",
      description = "A fiftieth of everything, one round: whether all works.")
  boolean smoke;

  @Option(names = "--seed", paramLabel = "N", description = "Of the events (1).")
  long seed = 1;

  @Option(
      names = "--write",
      description =
          "Keeps the results below bench/results, and writes docs/performance.md and its charts."
              + " Rounds of this commit that are there already are passed over, so the same command"
              + " goes on where it was ended.")
  boolean write;

  @Option(names = "--keep", description = "Leaves the files of the sites, and says where.")
  boolean keep;

  @Spec CommandSpec spec;

  private final String commit = System.getProperty("millrace.commit", "unknown");
  private final Kept kept = new Kept(Path.of(System.getProperty("millrace.home", ".")));

  @Override
  public Integer call() throws Exception {
    List<Dimension> chosen = chosen();
    long begun = System.nanoTime();
    List<Result> there = new ArrayList<>(resumed());
    List<Result> done = new ArrayList<>();
    for (Dimension dimension : chosen) {
      done.addAll(run(dimension, there, begun));
    }
    there.addAll(done);
    System.out.println();
    if (smoke) {
      System.out.println("So little takes as long as a start does: what follows tells no cliff.\n");
    }
    System.out.print(
        GrowthReport.tables(
            chosen.stream()
                .map(dimension -> Growth.of(dimension, there))
                .flatMap(Optional::stream)
                .toList()));
    Shown.sum(done, commit, begun);
    if (keeps()) {
      kept.writePage();
    }
    return done.stream().allMatch(Result::right) ? 0 : 1;
  }

  private List<Dimension> chosen() {
    Arguments.wantNoneBefore(spec);
    Arguments.want(
        rounds == null || rounds > 0, spec, "--rounds must be 1 or more, and is " + rounds);
    List<Dimension> all = Dimensions.all(smoke);
    Arguments.wantKnown(names, all.stream().map(Dimension::name).toList(), spec);
    return all.stream().filter(each -> names.isEmpty() || names.contains(each.name())).toList();
  }

  private boolean keeps() {
    return write && !smoke;
  }

  /** Of sources that were changed nobody knows whether they were the same. */
  private List<Result> resumed() throws Exception {
    return keeps() && !commit.endsWith("-changed")
        ? kept.runs().stream().filter(each -> each.commit().equals(commit)).toList()
        : List.of();
  }

  /** On a site of its own, so that no dimension pays for what another left there. */
  private List<Result> run(Dimension dimension, List<Result> there, long begun) throws Exception {
    int wanted = rounds != null ? rounds : smoke ? 1 : ROUNDS;
    int left = wanted - Growth.complete(dimension, commit, there);
    if (left <= 0) {
      System.out.println(dimension.name() + ": all rounds of this commit are there");
      return List.of();
    }
    Rounds all =
        new Rounds(
            new Rounds.Plan(commit, smoke ? Scale.SMOKE : Scale.FULL, left, seed, false),
            result -> {
              Shown.run(result, begun);
              if (keeps()) {
                kept.add(result);
              }
            });
    Site site = Site.start(seed, true);
    boolean right = false;
    try {
      List<Result> done = all.run(site, List.of(dimension.scenario()));
      right = done.stream().allMatch(Result::right);
      return done;
    } finally {
      Shown.end(site, keep || !right);
    }
  }
}
