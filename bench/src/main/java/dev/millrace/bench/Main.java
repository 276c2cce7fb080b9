package dev.millrace.bench;

import dev.millrace.bench.contestant.Profile;
import dev.millrace.bench.contestant.Scale;
import dev.millrace.bench.result.Result;
import dev.millrace.bench.row.Chart;
import dev.millrace.bench.row.Rounds;
import dev.millrace.bench.row.Row;
import dev.millrace.bench.row.Rows;
import dev.millrace.bench.row.Scenario;
import dev.millrace.bench.row.Standing;
import dev.millrace.bench.row.Table;
import dev.millrace.bench.site.JavaProcess;
import dev.millrace.bench.site.Site;
import dev.millrace.outside.JsonLines;
import dev.millrace.outside.MarkedPage;
import dev.millrace.outside.MillraceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
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
        "How fast, beside the stores' own limits; ends with 0 when all content was right.")
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
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Scenario> scenarios = scenarios();
    if (profile != null) {
      System.setProperty(Profile.PROPERTY, profile.toAbsolutePath().toString());
    }
    long begun = System.nanoTime();
    JsonLines<Result> kept =
        new JsonLines<>(home.resolve("bench").resolve("results"), Result.class);
    Rounds all =
        new Rounds(
            new Rounds.Plan(
                commit,
                smoke ? Scale.SMOKE : Scale.FULL,
                rounds != null ? rounds : smoke ? 1 : ROUNDS,
                seed,
                peers),
            result -> {
              System.out.printf(
                  Locale.ROOT, "%5.0f s  %s%n", (System.nanoTime() - begun) / 1e9, line(result));
              if (write && !smoke) {
                kept.add(result.commit(), result);
              }
            });
    Site site = Site.start(seed, !smoke);
    List<Result> done;
    boolean right = false;
    try {
      done = all.run(site, scenarios);
      right = done.stream().allMatch(Result::right);
    } finally {
      site.close();
      if (keep || !right) {
        System.out.println("its files are in " + site.directory());
      } else {
        site.delete();
      }
    }
    show(scenarios, done, begun);
    if (write && !smoke) {
      writePage(kept.all());
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
    List<String> unknown = names.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "there is no " + String.join(", ", unknown) + "; there are " + String.join(", ", known));
    }
    return Rows.scenarios().stream()
        .filter(each -> wanted.contains(each.name()))
        .collect(Collectors.toList());
  }

  private void show(List<Scenario> scenarios, List<Result> done, long begun) {
    System.out.println();
    System.out.print(Table.ofContestants(scenarios, done));
    if (!smoke) {
      System.out.println();
      System.out.print(Table.ofTargets(Rows.all(), done));
    }
    long wrong = done.stream().filter(each -> !each.right()).count();
    System.out.printf(
        Locale.ROOT,
        "%n%d passed, %d failed%n(%s, %.1f min)%n",
        done.size() - wrong,
        wrong,
        commit,
        (System.nanoTime() - begun) / 60e9);
  }

  private void writePage(List<Result> results) throws IOException {
    Path docs = home.resolve("docs");
    Files.writeString(
        docs.resolve("performance.svg"),
        Chart.svg(
            Rows.all().stream()
                .map(row -> Standing.of(row, results))
                .flatMap(Optional::stream)
                .toList()));
    MarkedPage.write(
        docs.resolve("performance.md"),
        "./millrace bench --write",
        "![How much room there is to each target](performance.svg)\n\n"
            + Table.ofTargets(Rows.all(), results)
            + "\n## Who did what how fast\n\n"
            + Table.ofContestants(Rows.scenarios(), results));
  }

  private static String line(Result result) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-20s %d %-16s %7.2f s %8.0f/s  load %4.1f  ",
                result.scenario(),
                result.round() + 1,
                result.contestant(),
                result.seconds(),
                result.seconds() == 0 ? 0 : result.rate(),
                result.loadBefore()));
    result
        .figures()
        .forEach(
            (name, value) -> text.append(String.format(Locale.ROOT, "%s %.1f  ", name, value)));
    text.append(result.right() ? "right" : "WRONG");
    result.wrong().forEach(each -> text.append("\n    ").append(each));
    return text.toString();
  }
}
