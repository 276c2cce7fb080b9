package dev.millrace.chaos;

import dev.millrace.chaos.fault.Kinds;
import dev.millrace.chaos.platform.MillraceProcess;
import dev.millrace.chaos.report.Page;
import dev.millrace.chaos.report.Result;
import dev.millrace.chaos.report.Results;
import dev.millrace.chaos.report.Table;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Rounds;
import dev.millrace.embedded.OwnedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where {@code ./millrace chaos} enters. */
@Command(
    name = "chaos",
    description = "Faults on real processes; ends with 0 when every round was right.")
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
      description = "Keeps the results below chaos/results and writes docs/chaos.md.")
  boolean write;

  public static void main(String... arguments) {
    Logger.getLogger("").setLevel(Level.OFF);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  MillraceProcess.endAll();
                  OwnedProcess.endAll();
                }));
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Kind> chosen = Kinds.named(kinds);
    Path home = Path.of(System.getProperty("millrace.home", "."));
    Results results = new Results(home.resolve("chaos").resolve("results"));
    Rounds run = new Rounds(chosen, System.getProperty("millrace.commit", "unknown"));
    List<Result> done =
        run.run(
            seed,
            most(chosen),
            longest(),
            result -> {
              System.out.println(line(result));
              if (write) {
                results.add(result);
              }
            });
    System.out.println();
    System.out.print(Table.of(names(chosen), done));
    if (write) {
      Page.write(home.resolve("docs").resolve("chaos.md"), names(Kinds.all()), results.all());
    }
    return !done.isEmpty() && done.stream().allMatch(Result::right) ? 0 : 1;
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
                "%-24s seed %d  %6.1f s  %7d events  %4d looks  %s",
                result.kind(),
                result.seed(),
                result.recoverySeconds(),
                result.events(),
                result.observations(),
                result.right() ? "right" : "NOT RIGHT"));
    result.wrong().forEach(each -> text.append("\n    ").append(each));
    return text.toString();
  }

  private static List<String> names(List<Kind> kinds) {
    return kinds.stream().map(Kind::name).toList();
  }
}
