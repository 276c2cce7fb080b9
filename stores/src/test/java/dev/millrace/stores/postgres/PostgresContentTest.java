package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Content;
import dev.millrace.stores.ContentContract;
import dev.millrace.stores.Feed;
import dev.millrace.stores.StoreUnderTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresContentTest extends ContentContract {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("contents");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }

  @Test
  void documentsAreComparedByWhatTheyMean() throws Exception {
    PipelinePlan plan = provisioned(plan().key("id", "text").column("j", "json"));
    String spelled =
        "{\"b\":1.50,\"a\":[1e2,-0.0,\"\\u00e9\",null,true],\"\":{\"y\":1E-7,\"x\":12345678901234567890}}";
    taken(plan).write(new Feed(0).put("k", spelled).batch());

    Content content = content(plan);

    long found = read(content).get(content.key(new StoreKey("k")));
    assertThat(found)
        .isEqualTo(content(content, "k", spelled))
        .isEqualTo(
            content(
                content,
                "k",
                "{\"\":{\"x\":12345678901234567890,\"y\":0.0000001},\"a\":[100,0,\"é\",null,true],\"b\":1.5}"));
    for (String other :
        List.of(
            spelled.replace("1.50", "1.51"),
            spelled.replace("1.50", "\"1.50\""),
            spelled.replace("null,true", "true,null"),
            spelled.replace("null", "\"null\""),
            spelled.replace("\"b\"", "\"c\""),
            spelled.replace("567890}", "567891}"))) {
      assertThat(found).as(other).isNotEqualTo(content(content, "k", other));
    }
  }

  @Test
  void inAppendEveryEventIsARowByItsPlace() throws Exception {
    PipelinePlan plan = provisioned(plan().column("id", "text").column("n", "int32").append());
    Batch batch = new Feed(1).add("a", 1).pass(2).add("a", 1).addDeleted(2).batch();
    taken(plan).write(batch);

    Content content = content(plan);

    assertThat(read(content)).isEqualTo(expected(content, batch)).hasSize(3);
    assertThat(content.name(new StoreKey(1, 3L))).isEqualTo("1,3");
  }

  @Test
  void aSnapshotStaysWhatItWas() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Feed feed = new Feed(0);
    Batch first = feed.put("a", "Ann", null).batch();
    var sink = taken(plan);
    sink.write(first);
    Content content = content(plan);
    sink.write(feed.put("a", "Eve", null).put("b", "Bob", null).batch());

    assertThat(read(content)).isEqualTo(expected(content, first));
    assertThat(content.look(List.of(new StoreKey("b"))).rows()).isEmpty();
    assertThat(content.look(List.of(new StoreKey("b"))).at()).isEqualTo(Map.of(0, 1L, 1, 0L));
  }
}
