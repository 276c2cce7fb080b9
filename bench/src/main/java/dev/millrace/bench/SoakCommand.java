package dev.millrace.bench;

import dev.millrace.bench.contestant.Soak;
import dev.millrace.bench.result.SoakResult;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.soak.SoakReport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./millrace bench soak}. */
@Command(
    name = "soak",
    description =
        "A long time at half the rate that holds; ends with 0 when memory and latency were flat,"
            + " nothing complained and all content was right.")
final class SoakCommand implements Callable<Integer> {
  private static final int MOST_MINUTES = 7 * 24 * 60;
  private static final int MOST_SUBSCRIPTIONS = 1_000;
  private static final long KEYS = 1_000_000;
  private static final int SMOKE_SECONDS = 20;
  private static final int SMOKE_RATE = 4_000;
  private static final long SMOKE_KEYS = 50_000;

  @Option(names = "--minutes", paramLabel = "N", description = "How long (60).")
  int minutes = 60;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Events a second that hold, of which half are published; else it is measured.")
  @Nullable Integer rate;

  @Option(names = "--subscriptions", paramLabel = "N", description = "How many (50).")
  int subscriptions = 50;

  @Option(
      names = "--smoke",
      description =
          "20 seconds at 2,000 events a second: whether all works; too short to tell what is flat.")
  boolean smoke;

  @Option(names = "--seed", paramLabel = "N", description = "Of the events (1).")
  long seed = 1;

  @Option(
      names = "--write",
      description = "Keeps the result below bench/results/soak, and writes docs/performance.md.")
  boolean write;

  @Option(names = "--keep", description = "Leaves the files of the site, and says where.")
  boolean keep;

  @Spec CommandSpec spec;

  private final String commit = System.getProperty("millrace.commit", "unknown");
  private final Kept kept = new Kept(Path.of(System.getProperty("millrace.home", ".")));

  @Override
  public Integer call() throws Exception {
    Soak.Plan plan = plan();
    long begun = System.nanoTime();
    Site site = Site.start(seed, true);
    boolean right = false;
    try {
      SoakResult result =
          new Soak(
                  site,
                  plan,
                  line ->
                      System.out.printf(
                          Locale.ROOT, "%5.0f s  %s%n", (System.nanoTime() - begun) / 1e9, line))
              .run();
      System.out.println();
      System.out.print(SoakReport.page(result));
      if (write && !smoke) {
        kept.add(result);
        kept.writePage();
      }
      right = smoke ? SoakReport.isFaultless(result) : SoakReport.isRight(result);
    } catch (Soak.TooSlow e) {
      System.out.println(e.getMessage());
    } finally {
      Shown.end(site, keep || !right);
    }
    return right ? 0 : 1;
  }

  private Soak.Plan plan() {
    Arguments.wantNoneBefore(spec);
    Arguments.want(
        minutes >= 1 && minutes <= MOST_MINUTES,
        spec,
        "--minutes must be 1 to " + MOST_MINUTES + ", and is " + minutes);
    Arguments.want(
        rate == null || rate >= 2,
        spec,
        "--rate must be 2 events a second or more, and is " + rate);
    Arguments.want(
        subscriptions >= 1 && subscriptions <= MOST_SUBSCRIPTIONS,
        spec,
        "--subscriptions must be 1 to " + MOST_SUBSCRIPTIONS + ", and is " + subscriptions);
    int sustained = rate != null ? rate : smoke ? SMOKE_RATE : 0;
    return new Soak.Plan(
        commit,
        smoke ? SMOKE_SECONDS : minutes * 60,
        sustained,
        subscriptions,
        smoke ? SMOKE_KEYS : KEYS);
  }
}
