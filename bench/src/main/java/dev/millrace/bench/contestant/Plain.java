package dev.millrace.bench.contestant;

import dev.millrace.bench.peer.BareConsumer;
import dev.millrace.bench.peer.PlainConsumer;
import dev.millrace.bench.peer.Signal;
import dev.millrace.bench.site.RedisStore;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program of a few lines on the same topic, which writes to a store or to none. */
public final class Plain implements Contestant {
  private static final String TABLE = "public.plain";

  private final String name;
  private final Query query;
  private final Optional<Target> target;

  private Plain(String name, Query query, Optional<Target> target) {
    this.name = name;
    this.query = query;
    this.target = target;
  }

  /** Reads, and does nothing with it. */
  public static Plain bare() {
    return new Plain("bare", Query.Q0, Optional.empty());
  }

  public static Plain consumer(Query query, Target target) {
    return new Plain("plain", query, Optional.of(target));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    Stream stream = site.stream("bids", false, scale.events());
    prepare(site);
    try (PeerProcess process = start(site, stream)) {
      Meter meter = Meter.begin(site, process.handle(), target.orElse(Target.POSTGRES).store(site));
      long begun = System.nanoTime();
      process.go();
      String done = process.await(Signal.DONE);
      double seconds = (System.nanoTime() - begun) / 1e9;
      Map<String, Double> figures = meter.end();
      figures.put(Figures.BOOT, process.boot());
      return new Attempt(scale.events(), seconds, figures, wrong(site, scale, stream, done));
    }
  }

  private void prepare(Site site) throws Exception {
    if (target.equals(Optional.of(Target.POSTGRES))) {
      site.postgres().run("DROP TABLE IF EXISTS " + TABLE, query.table(TABLE));
    }
    if (target.isPresent()) {
      target.get().prepare(site);
    } else {
      site.awaitCalm();
    }
  }

  private PeerProcess start(Site site, Stream stream) throws Exception {
    if (target.isEmpty()) {
      return PeerProcess.start(
          site,
          BareConsumer.class,
          List.of(
              site.kafkaFile().toString(), stream.topic(), Integer.toString(stream.partitions())));
    }
    return consumer(site, stream, query, "history", target.get(), TABLE);
  }

  static PeerProcess consumer(
      Site site, Stream stream, Query query, String mode, Target target, String table)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                site.kafkaFile().toString(),
                stream.topic(),
                Integer.toString(stream.partitions()),
                query.name(),
                mode));
    arguments.addAll(
        target.isRedis()
            ? List.of(
                "redis",
                Integer.toString(target.redis(site).port()),
                target.redis(site).password(),
                RedisStore.PREFIX)
            : List.of(
                "postgres",
                site.postgres().url(),
                site.postgres().user(),
                site.postgres().password(),
                table));
    return PeerProcess.start(site, PlainConsumer.class, arguments);
  }

  private List<String> wrong(Site site, Scale scale, Stream stream, String done) throws Exception {
    if (target.isEmpty()) {
      return done.equals(Signal.DONE + " " + scale.events())
          ? List.of()
          : List.of("it read " + done);
    }
    List<String> wrong = target.get().wrong(site, query, TABLE, stream, scale.events());
    if (!target.get().isRedis()) {
      site.postgres().run("DROP TABLE " + TABLE);
    }
    return wrong;
  }
}
