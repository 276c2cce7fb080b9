package dev.millrace.chaos;

import dev.millrace.chaos.fault.Kinds;
import dev.millrace.chaos.mutants.Mutants;
import dev.millrace.chaos.report.Page;
import dev.millrace.chaos.report.Result;
import dev.millrace.chaos.report.Results;
import dev.millrace.chaos.report.Table;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Rounds;
import dev.millrace.outside.MillraceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where {@code ./millrace chaos} enters. */
@Command(
    name = "chaos",
    description = "Faults on real processes; ends with 0 when every round was right.",
    subcommands = Mutants.class)
public final class Main implements Callable<Integer> {

  @Option(names = "--rounds", paramLabel = "N", description = "How many rounds (each kind once).")
  @Nullable Integer rounds;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "Begins no further round after so many minutes.")
  @Nullable Integer minutes;

  @Option(
      names = "--kinds",
      paramLabel = "KIND",
      split = ",",
      description = "Only these, with commas between.")
  List<String> kinds = List.of();

  @Option(names = "--seed", paramLabel = "N", description = "Of the first round (from the clock).")
  long seed = System.currentTimeMillis();

  @Option(
      names = "--write",
      description =
          "Keeps the results below chaos/results and writes docs/chaos.md. Rounds whose results are"
              + " there already are passed over, so the same command goes on where it was ended.")
  boolean write;

  @Option(
      names = "--named-within",
      paramLabel = "SECONDS",
      description = "How soon a condition has to come where nothing can be repaired (15).")
  int namedWithin = 15;

  @Option(names = "--keep", description = "Leaves the files of all sites, and says where.")
  boolean keep;

  private final String commit = System.getProperty("millrace.commit", "unknown");

  public static void main(String... arguments) {
    Logger.getLogger("").setLevel(Level.OFF);
    MillraceProcess.endWithThisJvm(Mutants::endAll);
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Kind> chosen = Kinds.named(kinds);
    Path home = Path.of(System.getProperty("millrace.home", "."));
    Console console = new Console(new Results(home.resolve("chaos").resolve("results")), commit);
    long begun = System.nanoTime();
    List<Result> done =
        new Rounds(
                chosen,
                new Rounds.Plan(
                    commit, seed, most(chosen), longest(), Duration.ofSeconds(namedWithin), keep),
                console)
            .run();
    System.out.println();
    System.out.print(Table.of(names(chosen), done));
    System.out.printf(
        Locale.ROOT,
        "%d rounds of commit %s in %.1f min; %d were there%n",
        done.size(),
        commit,
        (System.nanoTime() - begun) / 60e9,
        console.passedOver.size());
    if (write) {
      Page.write(
          home.resolve("docs").resolve("chaos.md"), names(Kinds.all()), console.results.all());
    }
    List<Result> all = new ArrayList<>(console.passedOver);
    all.addAll(done);
    return !all.isEmpty() && all.stream().allMatch(Result::right) ? 0 : 1;
  }

  /** Shows what happens, and keeps it when it is to be kept. */
  private final class Console implements Rounds.Listener {
    private final Results results;
    private final Map<String, Result> before;
    private final List<Result> passedOver = new ArrayList<>();

    Console(Results results, String commit) throws IOException {
      this.results = results;
      this.before =
          (write ? results.all() : List.<Result>of())
              .stream()
                  .filter(each -> each.commit().equals(commit))
                  .collect(Collectors.toMap(Console::round, each -> each, (first, again) -> again));
    }

    @Override
    public boolean isDone(String kind, long seed) {
      Result there = before.get(kind + " " + seed);
      if (there == null) {
        return false;
      }
      passedOver.add(there);
      return true;
    }

    private static String round(Result result) {
      return result.kind() + " " + result.seed();
    }

    @Override
    public void ended(Result result) throws IOException {
      System.out.println(line(result));
      if (write) {
        results.add(result);
      }
    }

    @Override
    public void says(String sentence) {
      System.out.println("    " + sentence);
    }
  }

  private int most(List<Kind> chosen) {
    return rounds != null ? rounds : minutes != null ? Integer.MAX_VALUE : chosen.size();
  }

  private Duration longest() {
    return minutes == null ? Duration.ofDays(30) : Duration.ofMinutes(minutes);
  }

  private static String line(Result result) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-26s seed %d  %6.1f s of %6.1f s  %7d events  %5d looks, %3.0f/s  %s",
                result.kind(),
                result.seed(),
                result.recoverySeconds(),
                result.seconds(),
                result.events(),
                result.observations(),
                result.looksASecond(),
                result.right() ? "right" : "NOT RIGHT"));
    result.wrong().forEach(each -> text.append("\n    ").append(each));
    return text.toString();
  }

  private static List<String> names(List<Kind> kinds) {
    return kinds.stream().map(Kind::name).toList();
  }
}
