package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import dev.millrace.outside.Eventually;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Millrace loads a history all of whose keys are in the table already, with other values. The
 * subscription is paused while they are published, and the time is from its going on.
 */
public final class Reload implements Contestant {
  private @Nullable Subscription present;

  @Override
  public String name() {
    return "millrace";
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    Stream first = site.stream("bids-again", false, scale.events());
    Subscription subscription = loaded(site, scale, first);
    Stream again = first.reseeded(first.seed() + 1 + round);
    again.fill(scale.events());
    long end = again.end();
    Target.POSTGRES.prepare(site);
    try (Worker worker = Worker.startAndRest(site)) {
      Meter meter = Meter.begin(site, worker.handle(), site.postgres().process());
      long begun = System.nanoTime();
      subscription.declare();
      Cursors.await(site, List.of(subscription), end);
      double seconds = (System.nanoTime() - begun) / 1e9;
      Map<String, Double> figures = meter.end();
      figures.put(Figures.BOOT, worker.boot());
      Profile.keep(site, worker.handle().pid(), "reload");
      List<String> wrong = subscription.wrong(again, 0, scale.events());
      pause(subscription);
      return new Attempt(scale.events(), seconds, figures, wrong);
    }
  }

  private Subscription loaded(Site site, Scale scale, Stream stream) throws Exception {
    Subscription subscription = present;
    if (subscription == null) {
      subscription = new Subscription(site, "again", stream, Query.Q0, Target.POSTGRES);
      present = subscription;
      Worker worker = Worker.start(site);
      try {
        subscription.declare().awaitReady();
        pause(subscription);
      } finally {
        worker.close();
      }
    }
    return subscription;
  }

  private static void pause(Subscription subscription) throws Exception {
    subscription.declare("Paused");
    Eventually.await("it is paused", Subscription.PATIENCE, subscription::isPaused);
  }
}
