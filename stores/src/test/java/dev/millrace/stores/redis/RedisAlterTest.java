package dev.millrace.stores.redis;

import dev.millrace.stores.AlterContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RedisAlterTest extends AlterContract {
  private static RedisUnderTest redis;

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
}
