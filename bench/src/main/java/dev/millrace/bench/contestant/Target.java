package dev.millrace.bench.contestant;

import dev.millrace.bench.site.RedisStore;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Comparison;
import dev.millrace.bench.workload.Query;
import java.util.List;

/** Where rows go. */
public enum Target {
  POSTGRES,
  /** Its append-only file is synced each second. */
  REDIS_AOF,
  /** As without an append-only file. */
  REDIS;

  boolean isRedis() {
    return this != POSTGRES;
  }

  ProcessHandle store(Site site) {
    return isRedis() ? redis(site).process() : site.postgres().process();
  }

  /** Not of {@link #POSTGRES}. */
  RedisStore redis(Site site) {
    return this == REDIS_AOF ? site.redis() : site.forgetful();
  }

  /** The Store, as subscriptions call it. */
  String storeName() {
    return switch (this) {
      case POSTGRES -> Site.TABLES;
      case REDIS_AOF -> Site.HASHES;
      case REDIS -> Site.FORGETFUL;
    };
  }

  /** Nothing is in the store, and everybody rests. */
  void prepare(Site site) throws Exception {
    if (isRedis()) {
      redis(site).empty();
    }
    site.awaitCalm();
  }

  /** What is wrong with what a query has put there of the first events of a stream. */
  List<String> wrong(Site site, Query query, String table, Stream stream, long events)
      throws Exception {
    return wrong(site, query, table, stream, 0, events);
  }

  /** The same of events from a number on. */
  List<String> wrong(Site site, Query query, String table, Stream stream, long first, long events)
      throws Exception {
    long expected = query.passing(stream.seed(), first, first + events);
    return wrong(site, query, table, stream, first, events, expected);
  }

  /**
   * The same, where it is known already how many of them pass.
   *
   * @param expected that number
   */
  List<String> wrong(
      Site site, Query query, String table, Stream stream, long first, long events, long expected)
      throws Exception {
    Comparison comparison =
        new Comparison(query, stream.seed(), stream.keys(), first, first + events);
    if (isRedis()) {
      redis(site).compare(query, comparison);
    } else {
      site.postgres().compare(table, query.columns(), comparison);
    }
    return comparison.wrong(expected);
  }

  /** What stands under {@code spec.store}, but its braces. */
  String yaml(String table) {
    return isRedis()
        ? "name: %s, redis: {key: \"%s{id}\"}".formatted(storeName(), RedisStore.PREFIX)
        : "name: %s, table: {name: %s}".formatted(storeName(), table);
  }
}
