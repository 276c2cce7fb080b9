package dev.millrace.bench.contestant;

import dev.millrace.bench.site.CopyText;
import dev.millrace.bench.site.RedisStore;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.site.Usage;
import dev.millrace.bench.workload.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The client that comes with a store, loading a file of all rows by one connection: {@code psql
 * \copy} or {@code redis-cli --pipe}. Nothing is read from Kafka, nothing is parsed.
 */
public final class StoreTool implements Contestant {
  private static final String TABLE = "public.copied";
  private static final long LONGEST_SECONDS = 600;

  private final String name;
  private final Target target;
  private final boolean many;

  private StoreTool(String name, Target target, boolean many) {
    this.name = name;
    this.target = target;
    this.many = many;
  }

  public static StoreTool copy() {
    return new StoreTool("copy", Target.POSTGRES, false);
  }

  /** Of the long history. */
  public static StoreTool longCopy() {
    return new StoreTool("copy", Target.POSTGRES, true);
  }

  public static StoreTool pipe(Target target) {
    return new StoreTool("pipe", target, false);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    long events = many ? scale.manyEvents() : scale.events();
    Stream stream = site.stream("bids", false, scale.events());
    Path rows = rows(site, stream, events);
    if (!target.isRedis()) {
      site.postgres().run("DROP TABLE IF EXISTS " + TABLE, Query.Q0.table(TABLE));
    }
    target.prepare(site);
    double before = Usage.cpu(target.store(site));
    double mine = Usage.cpuOfEnded();
    long begun = System.nanoTime();
    work(site, rows);
    double seconds = (System.nanoTime() - begun) / 1e9;
    // Postgres counts a connection's process when it has ended.
    Thread.sleep(200);
    Map<String, Double> figures = new TreeMap<>();
    figures.put(Figures.CPU_SELF, Usage.cpuOfEnded() - mine);
    figures.put(Figures.CPU_STORE, Usage.cpu(target.store(site)) - before);
    List<String> wrong = target.wrong(site, Query.Q0, TABLE, stream, events);
    if (!target.isRedis()) {
      site.postgres().run("DROP TABLE " + TABLE);
    }
    return new Attempt(events, seconds, figures, wrong);
  }

  /** Written once for all rounds. */
  private Path rows(Site site, Stream stream, long events) throws IOException {
    Path file = site.directory().resolve(name + "-" + events);
    if (!Files.exists(file)) {
      if (target.isRedis()) {
        RedisStore.writeCommands(file, Query.Q0, stream.seed(), events);
      } else {
        CopyText.write(file, Query.Q0, stream.seed(), events);
      }
    }
    return file;
  }

  private void work(Site site, Path rows) throws IOException, InterruptedException {
    ProcessBuilder builder;
    if (target.isRedis()) {
      builder =
          new ProcessBuilder(
                  "redis-cli",
                  "-p",
                  Integer.toString(target.redis(site).port()),
                  "--no-auth-warning",
                  "--pipe")
              .redirectInput(rows.toFile());
      builder.environment().put("REDISCLI_AUTH", target.redis(site).password());
    } else {
      builder =
          new ProcessBuilder(
              "psql",
              "-X",
              "-q",
              "-h",
              "127.0.0.1",
              "-p",
              Integer.toString(site.postgres().port()),
              "-U",
              site.postgres().user(),
              "-d",
              "warehouse",
              "-v",
              "ON_ERROR_STOP=1",
              "-c",
              "\\copy " + TABLE + " from '" + rows + "'");
      builder.environment().put("PGPASSWORD", site.postgres().password());
      builder.environment().put("PGCLIENTENCODING", "UTF8");
    }
    Path said = site.directory().resolve(name + ".out");
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(said.toFile()))
            .start();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(name + " did not end in " + LONGEST_SECONDS + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException(name + ": " + Files.readString(said).strip());
    }
  }
}
