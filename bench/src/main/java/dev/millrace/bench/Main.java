package dev.millrace.bench;

import dev.millrace.bench.contestant.BriefSoak;
import dev.millrace.bench.contestant.Profile;
import dev.millrace.bench.contestant.Scale;
import dev.millrace.bench.growth.Dimensions;
import dev.millrace.bench.result.Result;
import dev.millrace.bench.row.Rounds;
import dev.millrace.bench.row.Row;
import dev.millrace.bench.row.Rows;
import dev.millrace.bench.row.Scenario;
import dev.millrace.bench.row.Table;
import dev.millrace.bench.site.JavaProcess;
import dev.millrace.bench.site.OneGroup;
import dev.millrace.bench.site.Site;
import dev.millrace.outside.MillraceProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where {@code ./millrace bench} enters. */
@Command(
    name = "bench",
    description =
        "How fast, beside the stores' own limits; ends with 0 when all content was right.",
    subcommands = {GrowthCommand.class, SoakCommand.class})
public final class Main implements Callable<Integer> {
  private static final int ROUNDS = 5;

  @Parameters(
      paramLabel = "NAME",
      description = "Only these rows or scenarios; a wrong name lists all.")
  List<String> names = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "Of each scenario (5).")
  @Nullable Integer rounds;

  @Option(
      names = "--smoke",
      description = "100,000 events, one round, a little of everything: whether all works.")
  boolean smoke;

  @Option(names = "--peers", description = "Flink too; needs 150 MB from Maven Central.")
  boolean peers;

  @Option(names = "--seed", paramLabel = "N", description = "Of the events (1).")
  long seed = 1;

  @Option(
      names = "--write",
      description =
          "Keeps the results below bench/results, and writes docs/performance.md and its chart.")
  boolean write;

  @Option(
      names = "--profile",
      paramLabel = "DIR",
      description = "Records each worker with Java Flight Recorder, which slows it a little.")
  @Nullable Path profile;

  @Option(names = "--keep", description = "Leaves the files of the site, and says where.")
  boolean keep;

  @Spec CommandSpec spec;

  private final String commit = System.getProperty("millrace.commit", "unknown");
  private final Path home = Path.of(System.getProperty("millrace.home", "."));

  public static void main(String... arguments) {
    Logger.getLogger("").setLevel(Level.OFF);
    MillraceProcess.endWithThisJvm(JavaProcess::endAll);
    OneGroup.enter().ifPresent(System.err::println);
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Scenario> scenarios = scenarios();
    if (profile != null) {
      System.setProperty(Profile.PROPERTY, profile.toAbsolutePath().toString());
    }
    long begun = System.nanoTime();
    Kept kept = new Kept(home);
    Rounds all =
        new Rounds(
            new Rounds.Plan(
                commit,
                smoke ? Scale.SMOKE : Scale.FULL,
                rounds != null ? rounds : smoke ? 1 : ROUNDS,
                seed,
                peers),
            result -> {
              Shown.run(result, begun);
              if (write && !smoke) {
                kept.add(result);
              }
            });
    Site site = Site.start(seed, !smoke);
    List<Result> done;
    boolean right = false;
    try {
      done = all.run(site, scenarios);
      right = done.stream().allMatch(Result::right);
    } finally {
      Shown.end(site, keep || !right);
    }
    show(scenarios, done, begun);
    if (write && !smoke) {
      kept.writePage();
    }
    return right ? 0 : 1;
  }

  /** In their own order, whatever the order of the names. */
  private List<Scenario> scenarios() {
    Set<String> wanted = new LinkedHashSet<>();
    Set<String> known = new TreeSet<>();
    for (Scenario scenario : Rows.scenarios()) {
      known.add(scenario.name());
      if (names.isEmpty() || names.contains(scenario.name())) {
        wanted.add(scenario.name());
      }
    }
    for (Row row : Rows.all()) {
      known.add(row.name());
      if (names.contains(row.name())) {
        wanted.add(row.scenario());
      }
    }
    Arguments.wantKnown(names, List.copyOf(known), spec);
    List<Scenario> chosen =
        new ArrayList<>(
            Rows.scenarios().stream().filter(each -> wanted.contains(each.name())).toList());
    if (smoke && names.isEmpty()) {
      // Each has a command of its own; here is the least that shows that they work.
      chosen.add(Dimensions.smoke());
      chosen.add(new Scenario("soak", List.of(new BriefSoak())));
    }
    return chosen;
  }

  private void show(List<Scenario> scenarios, List<Result> done, long begun) {
    System.out.println();
    System.out.print(Table.ofContestants(scenarios, done));
    if (!smoke) {
      System.out.println();
      System.out.print(Table.ofTargets(Rows.all(), done));
    }
    Shown.sum(done, commit, begun);
  }
}
