package dev.millrace.bench.contestant;

import dev.millrace.bench.site.CopyText;
import dev.millrace.bench.site.Product;
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
import java.util.function.ToLongFunction;

/**
 * The client that comes with a store, loading a file of all rows by one connection: {@code psql
 * \copy} or {@code redis-cli --pipe}. Nothing is read from Kafka, nothing is parsed.
 */
public final class StoreTool implements Contestant {
  private static final String TABLE = "public.copied";
  private static final long LONGEST_SECONDS = 600;

  private static final Product BIDS = Product.of("bids", false);

  private final String name;
  private final Target target;
  private final Product product;
  private final Query query;
  private final ToLongFunction<Scale> events;

  private StoreTool(
      String name, Target target, Product product, Query query, ToLongFunction<Scale> events) {
    this.name = name;
    this.target = target;
    this.product = product;
    this.query = query;
    this.events = events;
  }

  public static StoreTool copy() {
    return new StoreTool("copy", Target.POSTGRES, BIDS, Query.Q0, Scale::events);
  }

  /** Of the long history. */
  public static StoreTool longCopy() {
    return new StoreTool("copy", Target.POSTGRES, BIDS, Query.Q0, Scale::manyEvents);
  }

  /** Of all events of a product. */
  public static StoreTool copyOf(String name, Product product, long events) {
    return new StoreTool(name, Target.POSTGRES, product, Query.of(product.form()), scale -> events);
  }

  public static StoreTool pipe(Target target) {
    return new StoreTool("pipe", target, BIDS, Query.Q0, Scale::events);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    long all = events.applyAsLong(scale);
    Stream stream = site.stream(product, product == BIDS ? scale.events() : all);
    Path rows = rows(site, stream, all);
    if (!target.isRedis()) {
      site.postgres().run("DROP TABLE IF EXISTS " + TABLE, query.table(TABLE));
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
    List<String> wrong = target.wrong(site, query, TABLE, stream, all);
    if (!target.isRedis()) {
      site.postgres().run("DROP TABLE " + TABLE);
    }
    return new Attempt(all, seconds, figures, wrong);
  }

  /** Written once for all rounds. */
  private Path rows(Site site, Stream stream, long all) throws IOException {
    Path file = site.directory().resolve(name + "-" + product.name() + "-" + all);
    if (!Files.exists(file)) {
      if (target.isRedis()) {
        RedisStore.writeCommands(file, query, stream.seed(), all);
      } else {
        CopyText.write(file, query, stream.seed(), all);
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
