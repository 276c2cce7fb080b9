package dev.millrace.bench.contestant;

import dev.millrace.bench.peer.Signal;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Events as they come, 1,000 a second, until they are visible in the store. */
public final class Live implements Contestant {
  private static final int RATE = 1_000;
  private static final String PRODUCT = "live-bids";
  private static final String TABLE = "public.plain_live";

  /** Nothing is published twice, whoever runs. */
  private static final AtomicLong NEXT = new AtomicLong();

  private final String name;
  private final Target target;
  private final boolean plain;

  private Live(String name, Target target, boolean plain) {
    this.name = name;
    this.target = target;
    this.plain = plain;
  }

  public static Live millrace(Target target) {
    return new Live("millrace", target, false);
  }

  public static Live plain(Target target) {
    return new Live("plain", target, true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    Stream stream = site.stream(PRODUCT, false, 0);
    return plain ? plain(site, scale, stream) : millrace(site, scale, stream, round);
  }

  private Attempt plain(Site site, Scale scale, Stream stream) throws Exception {
    if (!target.isRedis()) {
      site.postgres().run("DROP TABLE IF EXISTS " + TABLE, Query.Q0.table(TABLE));
    }
    target.prepare(site);
    try (PeerProcess process = Plain.consumer(site, stream, Query.Q0, "live", target, TABLE)) {
      process.go();
      process.await(Signal.LISTENING);
      return load(site, scale, stream, TABLE, process.handle());
    }
  }

  private Attempt millrace(Site site, Scale scale, Stream stream, int round) throws Exception {
    target.prepare(site);
    try (Worker worker = Worker.startAndRest(site);
        Subscription subscription =
            new Subscription(site, "live-" + round, stream, Query.Q0, target).fromNow()) {
      subscription.declare().awaitReady();
      Attempt attempt = load(site, scale, stream, subscription.table(), worker.handle());
      Profile.keep(site, worker.handle().pid(), "live-" + target);
      return attempt;
    }
  }

  private Attempt load(Site site, Scale scale, Stream stream, String table, ProcessHandle self)
      throws Exception {
    long first = NEXT.getAndAdd((long) RATE * (scale.warmUpSeconds() + scale.liveSeconds()));
    Meter meter = Meter.begin(site, self, target.store(site));
    LiveLoad.Latencies seen =
        new LiveLoad(site, stream, target, table, first, RATE)
            .run(scale.warmUpSeconds(), scale.liveSeconds());
    Map<String, Double> figures = new TreeMap<>(meter.end());
    figures.put(Figures.P50, seen.p50());
    figures.put(Figures.P99, seen.p99());
    List<String> wrong = target.wrong(site, Query.Q0, table, stream, first, seen.events());
    return new Attempt(seen.events(), seen.publishedSeconds(), figures, wrong);
  }
}
