package dev.millrace.bench.contestant;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Something is done to many subscriptions as GitOps does it: several at once. */
final class Several {
  private static final int AT_ONCE = 4;

  private Several() {}

  interface Act {
    void on(Subscription subscription) throws Exception;
  }

  static void each(List<Subscription> all, Act act) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Void>> done = new ArrayList<>();
      for (Subscription each : all) {
        done.add(
            threads.submit(() -> {
              act.on(each);
              return null;
            }));
      }
      for (Future<Void> each : done) {
        each.get();
      }
    }
  }
}
