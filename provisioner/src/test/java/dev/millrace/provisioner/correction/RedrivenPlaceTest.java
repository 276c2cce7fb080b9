package dev.millrace.provisioner.correction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.Transforms;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedrivenPlaceTest {
  private static final ObjectKey KEY = new ObjectKey("test", "sub");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEventIsRedrivenByTheColumnsOfItsPlace(boolean edited) throws Exception {
    CorrectedTransform transform =
        new CorrectedTransform(Transforms.compile(plan(), Optional.empty()), plan());
    String payload = edited ? "{\"id\":7,\"note\":\"edited\"}" : null;

    Effect early = transform.effect(record(5, payload), redriven(5, payload));
    Effect late = transform.effect(record(15, payload), redriven(15, payload));

    assertThat(row(early)).hasSize(1);
    assertThat(row(late)).hasSize(2);
  }

  @Test
  void soIsOneThatGetsAnotherKey() throws Exception {
    CorrectedTransform transform =
        new CorrectedTransform(Transforms.compile(plan(), Optional.empty()), plan());
    Corrections keyed = Corrections.NONE.with(correction(5, "{\"id\":7,\"note\":\"n\"}", "7"));

    Effect early =
        transform.effect(
            new ConsumerRecord<>("t", 0, 5, null, bytes("{\"id\":7,\"note\":\"n\"}")), keyed);

    assertThat(row(early)).hasSize(1);
  }

  private static Object[] row(Effect effect) {
    return ((Outcome.Put) ((Effect.Of) effect).outcome()).row();
  }

  /** Dead as it stands when it is to be edited. */
  private static ConsumerRecord<byte[], byte[]> record(long offset, String payload) {
    String value = payload == null ? "{\"id\":7,\"note\":\"n\"}" : "{\"id\":7";
    return new ConsumerRecord<>("t", 0, offset, bytes("7"), bytes(value));
  }

  private static Corrections redriven(long offset, String payload) {
    return Corrections.NONE.with(correction(offset, payload, null));
  }

  private static Correction correction(long offset, String payload, String key) {
    return new Correction(
        "c", KEY, "uid", 0, offset, Correction.REDRIVE, payload, key, "ann", Instant.EPOCH);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The note is there since offset 10. */
  private static PipelinePlan plan() throws Exception {
    return new PipelinePlan(
        KEY,
        "uid",
        2,
        List.of("upsert", "since"),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("test", "product"),
            "t",
            "topic-1",
            "cluster",
            1,
            Json.STRICT.readTree(
                "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{"
                    + "\"id\":{\"type\":\"integer\"},\"note\":{\"type\":\"string\"}}}"),
            "id",
            false),
        null,
        List.of(
            new PipelinePlan.Column("id", "id", null, "int64", true, "None"),
            new PipelinePlan.Column("note", "note", null, "text", false, "None")
                .since(Map.of(0, 10L), null)),
        "Upsert",
        new PipelinePlan.Target(
            "Postgres",
            KEY,
            "127.0.0.1",
            1,
            "d",
            "disable",
            "w",
            new PipelinePlan.Table("public", "t", List.of()),
            null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L),
        Map.of(0, 0L),
        null);
  }
}
