package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Sink;
import dev.millrace.stores.SinkContract;
import dev.millrace.stores.StoreUnderTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresSinkTest extends SinkContract {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("sinks");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }

  @Test
  void ofALargeBatchItIsSaidWhetherItWasCopiedOrMerged() throws Exception {
    Sink sink = taken(provisioned(plan()));
    Feed feed = new Feed(0);
    sink.write(rows(feed, 0));
    assertThat(sink.effort().ways()).isEqualTo(Map.of("Copy", 1L));

    sink.write(rows(feed, 1));
    sink.write(rows(feed, 2));

    assertThat(sink.effort().ways())
        .isEqualTo(Map.of("Copy", 1L, "CopyThenMerge", 1L, "Merge", 1L));
  }

  @Test
  void longRowsAreCopiedThoughTheyAreFew() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    String half = "\"x\\".repeat(PreparedBatch.MOST_CHARACTERS_IN_ONE_STATEMENT / 6);

    sink.write(feed.put("a", half, null).batch());
    assertThat(sink.effort().ways()).isEqualTo(Map.of("Statement", 1L));
    sink.write(feed.put("b", half, null).put("c", half, null).put("d", half, null).batch());

    assertThat(sink.effort().ways()).isEqualTo(Map.of("Statement", 1L, "Copy", 1L));
    assertThat(rows(plan))
        .containsExactly(
            Map.of("id", "a", "name", half),
            Map.of("id", "b", "name", half),
            Map.of("id", "c", "name", half),
            Map.of("id", "d", "name", half));
  }

  /** More than fit in one statement, each batch of the same keys. */
  private static Batch rows(Feed feed, int version) {
    for (int i = 0; i <= PreparedBatch.MOST_IN_ONE_STATEMENT; i++) {
      feed.put("k" + i, "version " + version, null);
    }
    return feed.batch();
  }
}
