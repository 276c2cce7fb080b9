package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.status.SubscriptionStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The live table: on a terminal drawn over itself, elsewhere lines every five seconds. One thread.
 */
final class Board {
  private static final long REDRAW_MILLIS = 500;
  private static final long LINES_MILLIS = 5_000;

  private final Platform platform;
  private final PrintStream out;
  private final boolean terminal;
  private long lastShown;
  private int drawn;

  Board(Platform platform, PrintStream out, boolean terminal) {
    this.platform = platform;
    this.out = out;
    this.terminal = terminal;
  }

  Progress progress(Subscription subscription) throws InterruptedException {
    Optional<JsonNode> found = platform.find(subscription.path());
    if (found.isEmpty() || !found.get().path("status").isObject()) {
      return Progress.unknown(subscription);
    }
    try {
      return new Progress(
          subscription,
          Json.LENIENT.treeToValue(found.get().get("status"), SubscriptionStatus.class));
    } catch (IOException e) {
      throw new DemoFailed(subscription.path() + ": its status cannot be read", e);
    }
  }

  List<Progress> all() throws InterruptedException {
    List<Progress> all = new ArrayList<>();
    for (Subscription subscription : Subscription.ALL) {
      all.add(progress(subscription));
    }
    return all;
  }

  /** Shows the table unless that was done just now. */
  void show(List<Progress> progress) {
    long now = System.nanoTime() / 1_000_000;
    if (now - lastShown < (terminal ? REDRAW_MILLIS : LINES_MILLIS)) {
      return;
    }
    lastShown = now;
    draw(progress);
  }

  /** Shows the table a last time; what is printed next stands below it. */
  void finish(List<Progress> progress) {
    draw(progress);
    drawn = 0;
  }

  private void draw(List<Progress> progress) {
    StringBuilder text = new StringBuilder();
    if (terminal && drawn > 0) {
      text.append("\u001b[").append(drawn).append('A');
    }
    line(text, Progress.header());
    progress.forEach(each -> line(text, each.line()));
    drawn = progress.size() + 1;
    out.print(text);
    out.flush();
  }

  private void line(StringBuilder text, String line) {
    text.append(terminal ? "\u001b[K" : "").append(line).append('\n');
  }
}
