package dev.millrace.kubernetes;

import dev.millrace.stores.postgres.PostgresDriver;
import dev.millrace.stores.redis.RedisDriver;
import java.util.List;

/** The engines of this application. A new one is a package in {@code stores} and a line here. */
final class Engines {
  static final dev.millrace.stores.Engines ALL =
      new dev.millrace.stores.Engines(List.of(new PostgresDriver(), new RedisDriver()));

  private Engines() {}
}
