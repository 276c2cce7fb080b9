package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Millrace loads a history into many tables, each of which gets a share of the events. All are
 * declared, and have their tables, before the worker starts; the time is from its being up. What
 * declaring takes is told apart: it is work of the controller and of Postgres' catalogue.
 */
public final class FanOut implements Contestant {
  private final String name;
  private final ToIntFunction<Scale> count;

  /** In parts of all events, for so many subscriptions together. */
  private final ToIntFunction<Scale> shares;

  private FanOut(String name, ToIntFunction<Scale> count, ToIntFunction<Scale> shares) {
    this.name = name;
    this.count = count;
    this.shares = shares;
  }

  /** One subscription of 0.8 %. */
  public static FanOut one() {
    return new FanOut("one", scale -> 1, FanOut::sharesOfSome);
  }

  /** Fifty of 0.8 % each. */
  public static FanOut some() {
    return new FanOut("some", Scale::some, FanOut::sharesOfSome);
  }

  /** A thousand that get the same 40 % together. */
  public static FanOut many() {
    return new FanOut("many", Scale::many, scale -> scale.many() * 5 / 2);
  }

  private static int sharesOfSome(Scale scale) {
    return scale.some() * 5 / 2;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    Stream stream = site.stream("bids-once", true, scale.events());
    List<Subscription> all = subscriptions(site, scale, stream, round);
    try {
      return run(site, scale, stream, all);
    } finally {
      Several.each(all, Subscription::close);
    }
  }

  private List<Subscription> subscriptions(Site site, Scale scale, Stream stream, int round) {
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < count.applyAsInt(scale); i++) {
      Query query = Query.share(i, shares.applyAsInt(scale));
      all.add(new Subscription(site, name + "-" + round + "-" + i, stream, query, Target.POSTGRES));
    }
    return all;
  }

  private Attempt run(Site site, Scale scale, Stream stream, List<Subscription> all)
      throws Exception {
    long declaring = System.nanoTime();
    Several.each(all, Subscription::declare);
    Several.each(all, Subscription::awaitProvisioned);
    double declared = (System.nanoTime() - declaring) / 1e9;
    Target.POSTGRES.prepare(site);
    try (Worker worker = Worker.start(site)) {
      Meter meter = Meter.begin(site, worker.handle(), site.postgres().process());
      long begun = System.nanoTime();
      Cursors.await(site, all, scale.events());
      double seconds = (System.nanoTime() - begun) / 1e9;
      Map<String, Double> figures = meter.end();
      figures.put(Figures.DECLARED, declared);
      figures.put(Figures.BOOT, worker.boot());
      Profile.keep(site, worker.handle().pid(), "fan-out-" + name);
      List<String> wrong = new ArrayList<>();
      long[] expected = Query.sharesOf(stream.seed(), scale.events(), shares.applyAsInt(scale));
      for (int i = 0; i < all.size(); i++) {
        wrong.addAll(all.get(i).wrong(scale.events(), expected[i]));
      }
      return new Attempt(scale.events(), seconds, figures, wrong);
    }
  }
}
