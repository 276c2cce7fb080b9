package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows as JSON strings, and how both structures look to people. */
class JsonRowsTest {
  private static final Object[] ROW = {
    7L,
    "say \"ä\"\n",
    -3,
    1e10,
    new BigDecimal("12345678901234567890.50"),
    true,
    LocalDate.of(2026, 11, 24),
    Instant.parse("2026-11-24T10:00:00.5Z"),
    new UUID(1, 2),
    "{\"deep\":[1,null]}",
    null
  };

  private static RedisUnderTest redis;

  @BeforeAll
  static void start(@TempDir Path directory) throws StoreProblem {
    redis = new RedisUnderTest(directory);
    redis.driver().prepare(redis.site());
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void aRowIsOneCompactTextWithTypedValues() throws Exception {
    PipelinePlan plan = written("Json", "doc");
    try (Connection reader = redis.connect(redis.reader(plan))) {
      assertThat(reader.ask("GET", "doc:7").text())
          .isEqualTo(
              "{\"id\":7,\"t\":\"say \\\"ä\\\"\\n\",\"i\":-3,\"f\":1.0E10,"
                  + "\"n\":12345678901234567890.50,\"b\":true,\"d\":\"2026-11-24\","
                  + "\"ts\":\"2026-11-24T10:00:00.500Z\","
                  + "\"u\":\"00000000-0000-0001-0000-000000000002\","
                  + "\"j\":{\"deep\":[1,null]},\"none\":null}");
    }
  }

  @Test
  void aHashHoldsTextsAndNoFieldForNull() throws Exception {
    PipelinePlan plan = written("Hash", "hash");
    try (Connection reader = redis.connect(redis.reader(plan))) {
      assertThat(reader.ask("HGETALL", "hash:7").fields())
          .containsEntry("n", "12345678901234567890.50")
          .containsEntry("ts", "2026-11-24T10:00:00.500Z")
          .containsEntry("j", "{\"deep\":[1,null]}")
          .doesNotContainKey("none");
    }
  }

  @Test
  void bothStructuresShowTheSameTypedRow() throws Exception {
    for (String structure : List.of("Hash", "Json")) {
      String name = "shown-" + structure.length() + structure.charAt(0);
      PipelinePlan plan = written(structure, name);
      JsonNode row = rows(plan).get(0);
      assertThat(row.get("_key").asText()).isEqualTo(name + ":7");
      assertThat(row.get("id").isIntegralNumber()).isTrue();
      assertThat(row.get("n").decimalValue()).isEqualByComparingTo("12345678901234567890.50");
      assertThat(row.get("b").booleanValue()).isTrue();
      assertThat(row.get("ts").isTextual()).isTrue();
      assertThat(row.get("j").get("deep").get(0).intValue()).isOne();
      assertThat(row.path("none").isNull() || row.path("none").isMissingNode()).isTrue();
    }
  }

  @Test
  void aDocumentReplacesWhateverIsUnderItsKeyAndGoesAgain() throws Exception {
    PipelinePlan plan = provisioned("Json", "replaced");
    try (Connection admin = redis.admin();
        Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
      admin.ask("RPUSH", "replaced:7", "x");
      sink.take(Set.of(0));
      Feed feed = new Feed(0);
      sink.write(feed.put(ROW).batch());
      assertThat(admin.ask("TYPE", "replaced:7").text()).isEqualTo("string");
      sink.write(feed.delete(7L).batch());
      assertThat(RedisUnderTest.keys(admin, "replaced:")).isEmpty();
    }
  }

  @Test
  void valuesThatSomebodyChangedAreShownAsTheyAre() throws Exception {
    PipelinePlan hash = written("Hash", "changed");
    PipelinePlan json = written("Json", "changed-doc");
    try (Connection admin = redis.admin()) {
      admin.ask("HSET", "changed:7", "i", "no number", "j", "{");
      admin.ask("SET", "changed-doc:7", "no JSON");
      admin.ask("RPUSH", "changed:list", "x");
    }
    assertThat(rows(hash))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.get("i").asText()).isEqualTo("no number");
          assertThat(row.get("j").asText()).isEqualTo("{");
        });
    assertThat(rows(json)).singleElement().satisfies(row -> assertThat(row).hasSize(1));
  }

  private static List<JsonNode> rows(PipelinePlan plan) throws StoreProblem {
    return redis.driver().rows(redis.site(), plan, 10, Optional.empty()).entries();
  }

  private static PipelinePlan written(String structure, String name) throws Exception {
    PipelinePlan plan = provisioned(structure, name);
    try (Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
      sink.take(Set.of(0));
      sink.write(new Feed(0).put(ROW).batch());
    }
    return plan;
  }

  private static PipelinePlan provisioned(String structure, String name) throws StoreProblem {
    PipelinePlan plan =
        redis
            .plan(name)
            .in(redis.target(structure, name + ":{id}", name + ":", null))
            .key("id", "int64")
            .column("t", "text")
            .column("i", "int32")
            .column("f", "float64")
            .column("n", "decimal(30,2)")
            .column("b", "boolean")
            .column("d", "date")
            .column("ts", "timestamp")
            .column("u", "uuid")
            .column("j", "json")
            .column("none", "text")
            .build();
    redis.driver().provision(redis.site(), plan, new Reader.Made(redis.reader(plan)));
    return plan;
  }
}
