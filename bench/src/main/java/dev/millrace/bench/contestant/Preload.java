package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Millrace loads a history: a worker that runs, a subscription that is declared. The time is from
 * before the request until the cursors in the store say that all is applied.
 */
public final class Preload implements Contestant {
  private final String name;
  private final Query query;
  private final Target target;
  private final String product;
  private final boolean insertOnly;
  private final boolean many;

  private Preload(
      String name, Query query, Target target, String product, boolean insertOnly, boolean many) {
    this.name = name;
    this.query = query;
    this.target = target;
    this.product = product;
    this.insertOnly = insertOnly;
    this.many = many;
  }

  /** Of a product whose keys may come again, so that what leaves a filter has to be deleted. */
  public static Preload of(String name, Query query, Target target) {
    return new Preload(name, query, target, "bids", false, false);
  }

  /** Of a product that has each key once. */
  public static Preload ofInsertOnly(String name, Query query, Target target) {
    return new Preload(name, query, target, "bids-once", true, false);
  }

  /** Of the long history. */
  public static Preload ofMany(String name, Query query, Target target) {
    return new Preload(name, query, target, "many-bids", false, true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    long events = many ? scale.manyEvents() : scale.events();
    Stream stream = site.stream(product, insertOnly, events);
    target.prepare(site);
    try (Worker worker = Worker.startAndRest(site);
        Subscription subscription =
            new Subscription(site, "load-" + round, stream, query, target)) {
      Meter meter = Meter.begin(site, worker.handle(), target.store(site));
      Instant asked = Instant.now();
      long begun = System.nanoTime();
      subscription.declare();
      Cursors.await(site, List.of(subscription), events);
      double seconds = (System.nanoTime() - begun) / 1e9;
      Map<String, Double> figures = meter.end();
      subscription.awaitReady();
      figures.put(Figures.READY, (System.nanoTime() - begun) / 1e9);
      figures.put(Figures.BOOT, worker.boot());
      figures.put(
          Figures.DECLARED, Duration.between(asked, subscription.provisioned()).toMillis() / 1e3);
      Profile.keep(site, worker.handle().pid(), name + "-" + query.name() + "-" + target);
      return new Attempt(events, seconds, figures, subscription.wrong(events));
    }
  }
}
