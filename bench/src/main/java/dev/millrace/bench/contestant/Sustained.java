package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import java.util.List;
import java.util.Map;

/**
 * The highest rate at which events are visible in Postgres within 100 ms, 99 of 100 of them.
 * Whoever publishes and looks shares the processors.
 */
public final class Sustained implements Contestant {
  private static final String PRODUCT = "sustained-bids";
  private static final int LOWEST = 2_000;
  private static final double MOST_MILLIS = 100;

  private long next;

  @Override
  public String name() {
    return "millrace-live";
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    Stream stream = site.stream(PRODUCT, false, 0);
    Target.POSTGRES.prepare(site);
    long first = next;
    try (Worker worker = Worker.startAndRest(site);
        Subscription subscription =
            new Subscription(site, "sustained-" + round, stream, Query.Q0, Target.POSTGRES)
                .fromNow()) {
      subscription.declare().awaitReady();
      double best =
          RateSearch.highest(
              LOWEST, rate -> holds(site, scale, stream, subscription.table(), rate));
      Profile.keep(site, worker.handle().pid(), "sustained");
      Cursors.await(site, List.of(subscription), stream.end());
      List<String> wrong = subscription.wrong(stream, first, next - first);
      return new Attempt(next - first, 0, Map.of(Figures.RATE, best), wrong);
    }
  }

  private boolean holds(Site site, Scale scale, Stream stream, String table, int rate)
      throws Exception {
    LiveLoad.Latencies seen =
        new LiveLoad(site, stream, Target.POSTGRES, table, next, rate)
            .run(scale.warmUpSeconds(), scale.liveSeconds());
    next += seen.events();
    return seen.within(MOST_MILLIS);
  }
}
