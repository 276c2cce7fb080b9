package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.SinkContract;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are written field by field then, and everything else is the same. */
class RedisWithoutRestoreSinkTest extends SinkContract {
  private static RedisUnderTest redis;

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = new RedisUnderTest(TestServer.withoutRestore(directory));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Override
  protected RedisUnderTest store() {
    return redis;
  }

  @Test
  void itSaysThatNothingIsPacked() throws Exception {
    redis.driver().prepare(redis.site());
    PipelinePlan plan = redis.plan("plainly").build();
    redis.driver().provision(redis.site(), plan, new Reader.Made(redis.reader(plan)));
    try (Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
      sink.take(Set.of(0));
      sink.write(new Feed(0).put("a", "Ann", null).batch());
      assertThat(sink.effort().ways()).containsOnlyKeys("Transaction");
    }
  }
}
