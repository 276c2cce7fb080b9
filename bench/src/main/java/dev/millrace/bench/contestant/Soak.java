package dev.millrace.bench.contestant;

import dev.millrace.bench.result.SoakResult;
import dev.millrace.bench.site.Product;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.site.Usage;
import dev.millrace.bench.workload.Form;
import dev.millrace.bench.workload.Keys;
import dev.millrace.bench.workload.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A long time at an even rate: many subscriptions, each with a range of the bidders, on one topic.
 * Keys come again, so that tables stay as large as they are and rows are changed, deleted and
 * inserted anew for as long as it takes; the log keeps its end only. The worker is watched from
 * outside.
 */
public final class Soak {
  private static final int LOWEST = 250;
  private static final double MOST_MILLIS = 100;
  private static final double IN_TIME = 1.1;
  private static final int INTERVALS = 60;
  private static final int MOST_COLLECTIONS = 12;
  private static final int SECONDS_A_COLLECTION = 5;
  private static final long KEPT_BYTES = 256L << 20;

  private final Site site;
  private final Plan plan;
  private final Consumer<String> listener;
  private final List<Subscription> all = new ArrayList<>();
  private long next;

  /**
   * What to do.
   *
   * @param seconds how long, once everything has come to its end
   * @param sustained events a second, of which half are published; 0 for what is measured first
   * @param keys at least 2,000, as an event is told from the one before it of its key by its time
   */
  public record Plan(String commit, int seconds, int sustained, int subscriptions, long keys) {}

  /** There is no rate of which half could be published. */
  public static final class TooSlow extends Exception {
    private static final long serialVersionUID = 1L;

    TooSlow(String message) {
      super(message);
    }
  }

  /**
   * @param listener is told what happens
   */
  public Soak(Site site, Plan plan, Consumer<String> listener) {
    this.site = site;
    this.plan = plan;
    this.listener = listener;
  }

  public SoakResult run() throws Exception {
    Stream stream =
        site.stream(Product.of("soaked", false).withKeys(new Keys(plan.keys())), plan.keys());
    stream.keepAtMost(KEPT_BYTES);
    next = plan.keys();
    for (int i = 0; i < plan.subscriptions(); i++) {
      Query query = Query.range(i, plan.subscriptions(), Form.BID);
      all.add(new Subscription(site, "soaked-" + i, stream, query, Target.POSTGRES));
    }
    HeapLog heap = new HeapLog(site);
    try (Worker worker = Worker.start(site, "worker.out", heap.option())) {
      Several.each(all, Subscription::declare);
      Several.each(all, Subscription::awaitReady);
      int sustained = plan.sustained() > 0 ? plan.sustained() : measured(stream);
      SoakResult result = soaked(stream, worker, heap, sustained);
      Profile.keep(site, worker.handle().pid(), "soak");
      return result;
    } finally {
      Several.each(all, Subscription::close);
    }
  }

  /** With these subscriptions, and by the rule of {@link Sustained}. */
  private int measured(Stream stream) throws Exception {
    int rate = RateSearch.highest(LOWEST, each -> holds(stream, each));
    if (rate == 0) {
      throw new TooSlow(
          String.format(
              Locale.ROOT,
              "not even %d events a second hold: 99 of 100 are not visible within %.0f ms. End what"
                  + " else runs here, or say with --rate what half of is to be published",
              LOWEST,
              MOST_MILLIS));
    }
    return rate;
  }

  private boolean holds(Stream stream, int rate) throws Exception {
    LiveLoad.Latencies seen =
        LiveLoad.ofRanges(site, stream, all, next, rate)
            .run(Scale.FULL.warmUpSeconds(), Scale.FULL.liveSeconds());
    next += seen.events();
    boolean holds = seen.within(MOST_MILLIS);
    say("%,d events/s %s: p99 %.1f ms", rate, holds ? "hold" : "do not hold", seen.p99());
    return holds;
  }

  private SoakResult soaked(Stream stream, Worker worker, HeapLog heap, int sustained)
      throws Exception {
    int rate = Math.max(1, sustained / 2);
    long events = (long) rate * plan.seconds();
    String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    say("%,d events/s of %,d that hold, for %d s", rate, sustained, plan.seconds());
    Complaints complaints = Complaints.since(List.of(worker.output(), site.platform().log()));
    Watch watch = new Watch(worker, heap);
    FutureTask<Double> load =
        new FutureTask<>(() ->
            LiveLoad.ofRanges(site, stream, all, next, rate).run(watch.begun, events, watch::seen));
    Thread.ofPlatform().name("load").daemon().start(load);
    watch.watch(load);
    List<String> wrong = new ArrayList<>();
    try {
      double took = load.get();
      if (took > plan.seconds() * IN_TIME) {
        wrong.add("publishing took %.0f s, not %d".formatted(took, plan.seconds()));
      }
      next += events;
      Cursors.await(site, all, stream.end());
      wrong.addAll(wrong(stream));
    } catch (ExecutionException e) {
      wrong.add("failed: " + e.getCause());
    }
    if (!worker.isAlive()) {
      wrong.add("the worker ended");
    }
    Complaints.Found found = complaints.found();
    return new SoakResult(
        plan.commit(),
        at,
        plan.seconds(),
        plan.subscriptions(),
        plan.keys(),
        sustained,
        rate,
        events,
        watch.samples(),
        watch.restarts + (worker.isAlive() ? 0 : 1),
        found.count(),
        found.first(),
        Runtime.getRuntime().availableProcessors(),
        wrong);
  }

  /** The last event of each key counts, and those are the last so many of the stream. */
  private List<String> wrong(Stream stream) throws Exception {
    long first = next - plan.keys();
    long[] expected = Query.ranges(stream.seed(), first, next, all.size());
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      wrong.addAll(all.get(i).wrong(first, plan.keys(), expected[i]));
    }
    wrong.addAll(unaccounted());
    return wrong;
  }

  /** Of events that were not applied or filtered. */
  private List<String> unaccounted() throws SQLException {
    String uids =
        all.stream().map(each -> "'" + each.uid() + "'").collect(Collectors.joining(", "));
    try (Connection connection = site.postgres().connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM millrace.cursor WHERE read <> applied + filtered"
                    + " AND subscription IN ("
                    + uids
                    + ")")) {
      row.next();
      long partitions = row.getLong(1);
      return partitions == 0
          ? List.of()
          : List.of(partitions + " partitions have read events that they did not apply or filter");
    }
  }

  private void say(String format, Object... arguments) {
    listener.accept(String.format(Locale.ROOT, format, arguments));
  }

  /** What is seen of the worker from outside, interval by interval. */
  private final class Watch {
    private final Worker worker;
    private final HeapLog heap;
    private final int intervals = Math.min(INTERVALS, plan.seconds());
    private final int collections =
        Math.clamp(plan.seconds() / SECONDS_A_COLLECTION, 1, MOST_COLLECTIONS);
    private final double length = (double) plan.seconds() / intervals;
    private final List<List<Long>> latencies =
        IntStream.range(0, intervals).<List<Long>>mapToObj(i -> new ArrayList<>()).toList();
    private final List<SoakResult.Sample> seen = new ArrayList<>();
    private final long begun = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
    private Map<String, String> owners = Map.of();
    private long lastLook;
    private double self;
    private double store;
    private int restarts;

    Watch(Worker worker, HeapLog heap) {
      this.worker = worker;
      this.heap = heap;
    }

    /** Called by the thread that looks. */
    void seen(long due, long latencyNanos) {
      int interval = (int) ((due - begun) / 1e9 / length);
      List<Long> mine = latencies.get(Math.min(Math.max(0, interval), intervals - 1));
      synchronized (mine) {
        mine.add(latencyNanos);
      }
    }

    /** Returns when the time is over, or the load has failed. */
    void watch(FutureTask<Double> load) throws Exception {
      owners = owners();
      self = Usage.cpu(worker.handle());
      store = Usage.cpu(site.postgres().process());
      lastLook = System.nanoTime();
      for (int i = 0; i < intervals; i++) {
        long end = begun + (long) ((i + 1) * length * 1e9);
        if (load.isDone() && System.nanoTime() < end - length * 1e9) {
          return;
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(0, end - System.nanoTime()));
        look(i);
      }
    }

    private void look(int interval) throws Exception {
      boolean collects =
          (interval + 1) * collections / intervals > interval * collections / intervals;
      long now = System.nanoTime();
      double elapsed = (now - lastLook) / 1e9;
      double selfNow = Usage.cpu(worker.handle());
      double storeNow = Usage.cpu(site.postgres().process());
      SoakResult.Sample sample =
          new SoakResult.Sample(
              (interval + 1) * length,
              Usage.resident(worker.handle()),
              collects ? heap.collect(worker) : Double.NaN,
              percentile(interval, 50),
              percentile(interval, 99),
              (selfNow - self) / elapsed * 100,
              (storeNow - store) / elapsed * 100,
              Usage.load());
      lastLook = now;
      self = selfNow;
      store = storeNow;
      seen.add(sample);
      countRestarts();
      say(
          "%5.0f s  %4.0f MB%s  p50 %.1f  p99 %.1f ms  worker %.0f %%  store %.0f %%  load %.1f",
          sample.second(),
          sample.resident(),
          collects ? String.format(Locale.ROOT, ", heap %.0f", sample.heap()) : "",
          sample.p50(),
          sample.p99(),
          sample.self(),
          sample.store(),
          sample.load());
    }

    private double percentile(int interval, int percent) {
      List<Long> mine = latencies.get(interval);
      synchronized (mine) {
        return Percentile.millis(mine, percent);
      }
    }

    private void countRestarts() throws SQLException {
      Map<String, String> now = owners();
      owners.forEach((place, owner) -> restarts += owner.equals(now.get(place)) ? 0 : 1);
      owners = now;
    }

    private Map<String, String> owners() throws SQLException {
      try (Connection connection = site.postgres().connect()) {
        return Cursors.tenures(connection, all).stream()
            .collect(
                Collectors.toMap(
                    each -> each.subscription() + " " + each.partition(), Cursors.Tenure::owner));
      }
    }

    /** With latencies of events that were due in an interval and became visible behind it. */
    List<SoakResult.Sample> samples() {
      List<SoakResult.Sample> whole = new ArrayList<>();
      for (int i = 0; i < seen.size(); i++) {
        SoakResult.Sample each = seen.get(i);
        whole.add(
            new SoakResult.Sample(
                each.second(),
                each.resident(),
                each.heap(),
                percentile(i, 50),
                percentile(i, 99),
                each.self(),
                each.store(),
                each.load()));
      }
      return whole;
    }
  }
}
