package dev.millrace.stores.redis;

import dev.millrace.stores.ContentContract;
import dev.millrace.stores.PlanBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RedisJsonContentTest extends ContentContract {
  private static RedisUnderTest redis;
  private static int names;

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = new RedisUnderTest(directory);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Override
  protected RedisUnderTest store() {
    return redis;
  }

  @Override
  protected PlanBuilder plan() {
    String name = "json" + names++;
    return super.plan().in(redis.target("Json", name + ":{id}", name + ":", null));
  }
}
