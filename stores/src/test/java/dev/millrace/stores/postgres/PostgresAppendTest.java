package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Feed;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class PostgresAppendTest {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("appends");

  private PipelinePlan plan;
  private Sink sink;

  @BeforeEach
  void provision(TestInfo test) throws Exception {
    STORE.driver().prepare(STORE.site());
    plan = builder(test).build();
    STORE.driver().provision(STORE.site(), plan, new Reader.Made(STORE.reader(plan)));
    sink = STORE.driver().sink(STORE.site(), plan, "w");
    sink.take(plan.start().keySet());
  }

  private static PlanBuilder builder(TestInfo test) {
    return STORE
        .plan(test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT))
        .column("id", "text")
        .column("amount", "int32")
        .append();
  }

  @AfterEach
  void close() {
    sink.close();
  }

  @Test
  void everyEventIsARowWithItsPlaceTombstonesToo() throws Exception {
    sink.write(new Feed(1, 0).add("a", 1).pass(1).add("a", 2).addDeleted(2).batch());
    assertThat(STORE.rowsAs(STORE.site().writer(), plan))
        .containsExactlyInAnyOrder(
            Map.of(
                "id", "a", "amount", "1", "_partition", "1", "_offset", "0", "_deleted", "false"),
            Map.of(
                "id", "a", "amount", "2", "_partition", "1", "_offset", "2", "_deleted", "false"),
            Map.of("_partition", "1", "_offset", "3", "_deleted", "true"));
  }

  @Test
  void largeBatchesKeepEveryEvent() throws Exception {
    Feed feed = new Feed(0);
    for (int i = 0; i < 10_000; i++) {
      feed.add("same", i);
    }
    sink.write(feed.batch());
    assertThat(STORE.rowsAs(STORE.site().writer(), plan)).hasSize(10_000);
  }

  @Test
  void rowsAreThereByOffsetNewestFirstOverAllPartitions() throws Exception {
    Feed zero = new Feed(0);
    Feed one = new Feed(1);
    for (int i = 0; i < 15; i++) {
      zero.add("z" + i, i);
      one.add("o" + i, i);
    }
    sink.write(Feed.together(zero.batch(), one.batch()));
    List<String> ids = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      StoreDriver.Page page = STORE.driver().rows(STORE.site(), plan, 7, after);
      page.entries().forEach(row -> ids.add(row.get("id").asText()));
      after = page.next();
    } while (after.isPresent());
    List<String> expected = new ArrayList<>();
    for (int i = 14; i >= 0; i--) {
      expected.add("o" + i);
      expected.add("z" + i);
    }
    assertThat(ids).isEqualTo(expected);
  }

  @Test
  void aRowShowsItsPlaceAndItsTypes() throws Exception {
    sink.write(new Feed(0, 0).add("a", 7).batch());
    JsonNode row = STORE.driver().rows(STORE.site(), plan, 1, Optional.empty()).entries().get(0);
    assertThat(row.toString())
        .isEqualTo("{\"id\":\"a\",\"amount\":7,\"_partition\":0,\"_offset\":0,\"_deleted\":false}");
  }

  @Test
  void presentKeysAreThePlaces() throws Exception {
    sink.write(new Feed(0, 0).add("a", 7).batch());
    List<StoreKey> keys = new ArrayList<>();
    assertThat(sink.presentKeys(Long.MAX_VALUE - 1, keys::add)).isTrue();
    assertThat(keys).containsExactly(new StoreKey(0, 0L));
  }
}
