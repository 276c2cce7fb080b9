package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Content;
import dev.millrace.stores.ContentContract;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Sink;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisContentTest extends ContentContract {
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

  @Test
  void aKeyIsLookedAtTogetherWithTheCursors() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(feed.put("a", "Ann", null).batch());
    Content content = content(plan);
    Batch later = feed.put("b", "Bob", null).batch();
    sink.write(later);

    Content.Portion portion = content.look(List.of(new StoreKey("b"), new StoreKey("nobody")));

    assertThat(portion.at()).isEqualTo(Map.of(0, 2L, 1, 0L));
    assertThat(portion.rows())
        .singleElement()
        .satisfies(row -> assertThat(row.key()).isEqualTo(content.key(new StoreKey("b"))))
        .satisfies(
            row -> assertThat(row.content()).isEqualTo(content.content(later.entries().get(0))));
  }

  @Test
  void aFieldMoreOrLessAndAValueOfAnotherTypeLookDifferent() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Batch batch = new Feed(0).put("a", "Ann", null).put("b", "Bob", null).batch();
    taken(plan).write(batch);
    Content content = content(plan);
    String prefix = plan.target().keys().prefix();
    try (Connection admin = redis.admin()) {
      admin.ask("HSET", prefix + "a", "more", "");
      admin.ask("SET", prefix + "b", "text");
    }

    assertThat(read(content)).hasSize(2).doesNotContainValue(expectedOf(content, batch, 0));
    assertThat(read(content)).doesNotContainValue(expectedOf(content, batch, 1));
  }

  @Test
  void rowsExpireByTheirEvent() throws Exception {
    String name = "expiring";
    PipelinePlan plan =
        provisioned(plan().in(redis.target("Json", name + ":{id}", name + ":", 3600L)));
    Instant event = Instant.parse("2026-11-24T10:00:00Z");

    assertThat(content(plan).expires(event)).contains(event.plusSeconds(3600));
    assertThat(content(provisioned(plan())).expires(event)).isEmpty();
  }

  private static long expectedOf(Content content, Batch batch, int entry) {
    return content.content(batch.entries().get(entry));
  }
}
