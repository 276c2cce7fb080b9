package dev.millrace.standalone.demo;

import java.io.PrintStream;
import java.util.Locale;

/** One line that fills up on a terminal; elsewhere a plain line every few seconds. */
final class ProgressBar {
  private static final int WIDTH = 30;

  private final PrintStream out;
  private final boolean terminal;
  private final String what;
  private final long total;
  private final long begun = System.nanoTime();
  private long lastShown;

  ProgressBar(PrintStream out, boolean terminal, String what, long total) {
    this.out = out;
    this.terminal = terminal;
    this.what = what;
    this.total = total;
  }

  void at(long done) {
    long now = System.nanoTime();
    if (now - lastShown < (terminal ? 100_000_000L : 5_000_000_000L)
        || (!terminal && seconds() < 5)) {
      return;
    }
    lastShown = now;
    show(done, terminal ? "" : "\n");
  }

  /**
   * @param published how many were not there already
   */
  void done(long published) {
    if (published == 0) {
      out.print(
          (terminal ? "\r\u001b[K" : "")
              + String.format(Locale.ROOT, "  %-12s %,d events were there already%n", what, total));
    } else {
      show(total, "\n");
    }
  }

  private void show(long done, String end) {
    double share = total == 0 ? 1 : Math.min(1, (double) done / total);
    String numbers =
        String.format(
            Locale.ROOT, "%,d of %,d events  %.0f %%  %.1f s", done, total, share * 100, seconds());
    if (terminal) {
      int full = (int) Math.round(share * WIDTH);
      out.print(
          "\r\u001b[K  %-12s [%s%s] %s%s"
              .formatted(what, "#".repeat(full), ".".repeat(WIDTH - full), numbers, end));
    } else {
      out.print("  %-12s %s%n".formatted(what, numbers));
    }
    out.flush();
  }

  private double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }
}
