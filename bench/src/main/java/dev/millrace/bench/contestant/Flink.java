package dev.millrace.bench.contestant;

import dev.millrace.bench.peer.Signal;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Flink SQL, as its documentation tells to do it: one statement from Kafka into Postgres. */
public final class Flink implements Contestant {
  /** The classpath of Flink and of the program that uses it; the launcher makes it for peers. */
  public static final String CLASSPATH = "millrace.bench.flink";

  private static final String MAIN = "dev.millrace.bench.flink.FlinkPeer";
  private static final String TABLE = "public.flinked";

  /** Its statements for Postgres quote no name. */
  private static final String UNQUOTED = "datetime";

  private final Query query;

  private Flink(Query query) {
    this.query = query;
  }

  public static Flink of(Query query) {
    return new Flink(query);
  }

  @Override
  public String name() {
    return "flink";
  }

  @Override
  public boolean isPeer() {
    return true;
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    Stream stream = site.stream("bids", false, scale.events());
    site.postgres()
        .run("DROP TABLE IF EXISTS " + TABLE, query.table(TABLE).replace("\"dateTime\"", UNQUOTED));
    Target.POSTGRES.prepare(site);
    Path target = Path.of(System.getProperty(CLASSPATH));
    String classpath = target.resolveSibling("classes") + ":" + Files.readString(target).strip();
    List<String> jvm =
        new ArrayList<>(
            List.of(
                "-XX:+UseParallelGC",
                "-Xmx1g",
                "-Duser.timezone=UTC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
    for (String opened : List.of("java.lang", "java.util", "java.time", "java.net", "java.nio")) {
      jvm.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    try (PeerProcess process =
        PeerProcess.start(
            site,
            MAIN,
            classpath,
            jvm,
            List.of(
                site.kafkaFile().toString(),
                stream.topic(),
                query.name(),
                site.postgres().url(),
                site.postgres().user(),
                site.postgres().password(),
                TABLE))) {
      Meter meter = Meter.begin(site, process.handle(), site.postgres().process());
      long begun = System.nanoTime();
      process.go();
      process.await(Signal.DONE);
      double seconds = (System.nanoTime() - begun) / 1e9;
      Map<String, Double> figures = meter.end();
      figures.put(Figures.BOOT, process.boot());
      if (query.columns().stream().anyMatch(column -> column.name().equals("dateTime"))) {
        site.postgres()
            .run("ALTER TABLE " + TABLE + " RENAME COLUMN " + UNQUOTED + " TO \"dateTime\"");
      }
      List<String> wrong = Target.POSTGRES.wrong(site, query, TABLE, stream, scale.events());
      site.postgres().run("DROP TABLE " + TABLE);
      return new Attempt(scale.events(), seconds, figures, wrong);
    }
  }
}
