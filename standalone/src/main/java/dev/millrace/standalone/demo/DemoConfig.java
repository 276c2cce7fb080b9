package dev.millrace.standalone.demo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * @param base where the platform listens, such as {@code http://localhost:8080}
 * @param token the access token of the REST API
 * @param kafka client properties of a principal that may write the demo's topics
 * @param datasets directory with {@code flights-3m.parquet} and {@code earthquakes.json}
 * @param postgresClass the store class for tables
 * @param redisClass the store class for hashes
 * @param once publish 2,000 live events, check every row and end; otherwise go on until interrupted
 * @param terminal whether {@code out} can redraw lines
 * @param ending whether the platform is being ended, so that what fails from then on is no news
 * @param seed what the live events are made from; must stay the same for a data directory
 */
public record DemoConfig(
    URI base,
    String token,
    Map<String, String> kafka,
    Path datasets,
    String postgresClass,
    String redisClass,
    PrintStream out,
    boolean once,
    boolean terminal,
    BooleanSupplier ending,
    long seed) {

  /** The seed of every demo that was not told another. */
  public static final long SEED = 2001;

  public DemoConfig {
    kafka = Map.copyOf(kafka);
  }

  /** Where the build put the files, unless the launcher says otherwise. */
  public static Path datasetsGiven() {
    return Path.of(System.getProperty("millrace.datasets", "standalone/target/datasets"));
  }

  @Override
  public String toString() {
    return "DemoConfig[" + base + ", once=" + once + "]";
  }
}
