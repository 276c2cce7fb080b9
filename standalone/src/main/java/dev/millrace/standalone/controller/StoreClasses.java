package dev.millrace.standalone.controller;

import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.controller.Offers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this process offers.
 *
 * @param postgres {@code host:port} of the server for Postgres stores
 * @param redis {@code host:port} of the server for Redis stores
 * @param postgresBrought the server was there already: {@code postgres-shared} and not {@code
 *     postgres-embedded}
 */
public record StoreClasses(
    String postgres, boolean postgresBrought, String redis, boolean redisBrought)
    implements Offers {

  /** The class for tables. */
  public String postgresClass() {
    return "postgres" + suffix(postgresBrought);
  }

  /** The class for keys. */
  public String redisClass() {
    return "redis" + suffix(redisBrought);
  }

  private static String suffix(boolean brought) {
    return brought ? "-shared" : "-embedded";
  }

  Map<String, StoreClassSpec> all() {
    Map<String, StoreClassSpec> classes = new LinkedHashMap<>();
    offer(
        classes,
        postgresClass(),
        "Postgres",
        postgres,
        postgresBrought,
        "A Postgres database of its own");
    offer(
        classes,
        redisClass(),
        "Redis",
        redis,
        redisBrought,
        "Redis keys under a prefix of their own");
    classes.put(
        "external",
        new StoreClassSpec(
            "A server you bring: declare it as a Store with its connection",
            null,
            "External",
            null,
            null,
            null,
            null,
            null,
            null));
    return classes;
  }

  @Override
  public Optional<StoreClassSpec> find(String name) {
    return Optional.ofNullable(all().get(name));
  }

  private static void offer(
      Map<String, StoreClassSpec> classes,
      String name,
      String engine,
      String server,
      boolean brought,
      String what) {
    classes.put(
        name,
        new StoreClassSpec(
            what + (brought ? ", on the server given at start" : ", on the server in this process"),
            engine,
            brought ? "Shared" : "Embedded",
            server,
            null,
            null,
            null,
            null,
            null));
  }
}
