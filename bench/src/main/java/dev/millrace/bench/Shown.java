package dev.millrace.bench;

import dev.millrace.bench.result.Result;
import dev.millrace.bench.site.Site;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What the terminal shows of runs. */
final class Shown {
  private Shown() {}

  /** One run, and how long after the beginning of the command it ended. */
  static void run(Result result, long begun) {
    System.out.printf(
        Locale.ROOT, "%5.0f s  %s%n", (System.nanoTime() - begun) / 1e9, line(result));
  }

  /** How many of them were right. */
  static void sum(List<Result> done, String commit, long begun) {
    long wrong = done.stream().filter(each -> !each.right()).count();
    System.out.printf(
        Locale.ROOT,
        "%n%d passed, %d failed%n(%s, %.1f min)%n",
        done.size() - wrong,
        wrong,
        commit,
        (System.nanoTime() - begun) / 60e9);
  }

  /** Ends all processes of a site, and deletes its files unless someone wants to look at them. */
  static void end(Site site, boolean keep) throws IOException, InterruptedException {
    site.close();
    if (keep) {
      System.out.println("its files are in " + site.directory());
    } else {
      site.delete();
    }
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
