package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Product;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import dev.millrace.outside.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Millrace loads a history into Postgres: one of several sizes of the same work, so that it shows
 * how cost grows. One subscription that takes everything is declared when the workers are up and at
 * rest. Several, each with a range of the bidders, are declared before, as making their tables is
 * not what is measured.
 */
public final class GrowthPoint implements Contestant {
  private static final double LEAST_SHARE = 25;
  private static final long PAUSE_MILLIS = 10;

  private final String name;
  private final Product product;
  private final long events;
  private final ToDoubleFunction<Stream> units;
  private final int ranges;
  private final int workers;
  private final boolean kills;

  private GrowthPoint(
      String name,
      Product product,
      long events,
      ToDoubleFunction<Stream> units,
      int ranges,
      int workers,
      boolean kills) {
    this.name = name;
    this.product = product;
    this.events = events;
    this.units = units;
    this.ranges = ranges;
    this.workers = workers;
    this.kills = kills;
  }

  /**
   * @param name as the axis of a chart has it
   * @param units how much work the stream is, in what its cost is told for
   */
  public static GrowthPoint of(
      String name, Product product, long events, ToDoubleFunction<Stream> units) {
    return new GrowthPoint(name, product, events, units, 0, 1, false);
  }

  /** The same work, of which another point is made. */
  public GrowthPoint named(String other) {
    return new GrowthPoint(other, product, events, units, ranges, workers, kills);
  }

  /** So many subscriptions, each with a range of the bidders, two fifths of the events together. */
  public GrowthPoint withRanges(int count) {
    return new GrowthPoint(name, product, events, units, count, workers, kills);
  }

  public GrowthPoint withWorkers(int count) {
    return new GrowthPoint(name, product, events, units, ranges, count, kills);
  }

  /** The last of the workers is killed when a third is done. */
  public GrowthPoint killingOne() {
    return new GrowthPoint(name, product, events, units, ranges, workers, true);
  }

  /** {@code psql \\copy} of the rows that one subscription without a filter gives. */
  public StoreTool copied(String copied) {
    return StoreTool.copyOf(copied, product, events);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    Stream stream = site.stream(product, events);
    List<Subscription> all = subscriptions(site, stream, round);
    List<Worker> crew = new ArrayList<>();
    try {
      Several.each(crewless() ? all : List.of(), Subscription::declare);
      Several.each(crewless() ? all : List.of(), Subscription::awaitProvisioned);
      Target.POSTGRES.prepare(site);
      for (int i = 0; i < workers; i++) {
        crew.add(Worker.start(site, "worker-" + i + ".out"));
      }
      return run(site, stream, all, crew);
    } finally {
      crew.forEach(Worker::close);
      Several.each(all, Subscription::close);
    }
  }

  /** Whether subscriptions are declared before there are workers. */
  private boolean crewless() {
    return ranges > 0;
  }

  private List<Subscription> subscriptions(Site site, Stream stream, int round) {
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < Math.max(1, ranges); i++) {
      Query query = ranges == 0 ? Query.of(product.form()) : Query.range(i, ranges, product.form());
      String unique =
          product.name() + "-" + Math.max(1, ranges) + "x" + workers + "-" + round + "-" + i;
      all.add(new Subscription(site, unique, stream, query, Target.POSTGRES));
    }
    return all;
  }

  private Attempt run(Site site, Stream stream, List<Subscription> all, List<Worker> crew)
      throws Exception {
    if (!crewless() && (site.rests() || workers > 1)) {
      // Who comes later would get its part of the partitions when the others are done with it.
      for (Worker worker : crew) {
        worker.awaitRest();
      }
    }
    Meter meter =
        Meter.begin(site, crew.stream().map(Worker::handle).toList(), site.postgres().process());
    long begun = System.nanoTime();
    if (!crewless()) {
      all.get(0).declare();
    }
    double takenOver = kills ? kill(site, stream, all, crew.getLast(), meter) : Double.NaN;
    Cursors.await(site, all, events);
    double seconds = (System.nanoTime() - begun) / 1e9;
    Map<String, Double> figures = meter.end();
    figures.put(Figures.UNITS, units.applyAsDouble(stream));
    figures.put(Figures.BOOT, crew.getFirst().boot());
    if (kills) {
      figures.put(Figures.TAKEN_OVER, takenOver);
    }
    List<String> wrong = wrong(stream, all);
    if (workers > 1 && !kills) {
      double share = leastShare(site, all, crew);
      figures.put(Figures.LEAST_SHARE, share);
      if (share < LEAST_SHARE) {
        wrong.add("the load is not shared: a worker has applied %.0f %%".formatted(share));
      }
    }
    Profile.keep(site, crew.getFirst().handle().pid(), product.name() + "-" + name);
    return new Attempt(events, seconds, figures, wrong);
  }

  private List<String> wrong(Stream stream, List<Subscription> all) throws Exception {
    long[] expected =
        ranges == 0 ? new long[] {events} : Query.ranges(stream.seed(), 0, events, ranges);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      wrong.addAll(all.get(i).wrong(events, expected[i]));
    }
    return wrong;
  }

  /** Returns how long it took until nothing that is unfinished belonged to the dead. */
  private double kill(Site site, Stream stream, List<Subscription> all, Worker victim, Meter meter)
      throws Exception {
    Cursors.awaitTotal(site, all, events * all.size() / 3);
    Map<Integer, Long> ends = stream.ends();
    meter.isToEnd(victim.handle());
    victim.kill();
    long died = System.nanoTime();
    try (Connection connection = site.postgres().connect()) {
      while (left(connection, all, victim, ends)) {
        if (System.nanoTime() - died > Subscription.PATIENCE.toNanos()) {
          throw new Eventually.Never("nobody takes over what the killed worker had");
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    return (System.nanoTime() - died) / 1e9;
  }

  private static boolean left(
      Connection connection, List<Subscription> all, Worker dead, Map<Integer, Long> ends)
      throws SQLException {
    return Cursors.tenures(connection, all).stream()
        .anyMatch(each -> each.isOf(dead) && each.offset() < ends.get(each.partition()));
  }

  private static double leastShare(Site site, List<Subscription> all, List<Worker> crew)
      throws SQLException {
    try (Connection connection = site.postgres().connect()) {
      List<Cursors.Tenure> tenures = Cursors.tenures(connection, all);
      double total = tenures.stream().mapToLong(Cursors.Tenure::offset).sum();
      return crew.stream()
          .mapToDouble(worker ->
              tenures.stream()
                  .filter(each -> each.isOf(worker))
                  .mapToLong(Cursors.Tenure::offset)
                  .sum())
          .map(applied -> 100 * applied / total)
          .min()
          .orElseThrow();
    }
  }
}
