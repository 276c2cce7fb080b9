package dev.millrace.provisioner.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.correction.Corrections;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on the platform's topics and is not what this version wrote there. */
class FeedsTest {
  private static final ObjectKey KEY = new ObjectKey("t", "s");

  private static final String WHOLE =
      """
      {"subscription": {"tenant": "t", "name": "s"}, "uid": "u", "definition": 1, "requires": [],
       "state": "Running", "source": {"topic": "t", "topicId": "i"}, "columns": [],
       "mode": "Upsert", "target": {"engine": "Postgres", "store": {"tenant": "t", "name": "d"}},
       "onError": {"policy": "Skip"}, "start": {}, "cutover": {}}
      """;

  private final Map<ObjectKey, PipelinePlan> plans = new HashMap<>();
  private final Map<String, Corrections> corrections = new HashMap<>();

  @Test
  void aPlanIsTakenAsItIs() {
    take(WHOLE);

    assertThat(plans.get(KEY).uid()).isEqualTo("u");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[]", "7", "{\"uid\": \"u\"", ""})
  void whatIsNoPlanEndsTheOneBeforeIt(String value) {
    take(WHOLE);

    take(value);

    assertThat(plans).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uid",
        "requires",
        "state",
        "source",
        "topic",
        "topicId",
        "columns",
        "mode",
        "target",
        "engine",
        "store",
        "onError",
        "start",
        "cutover"
      })
  void aPlanThatLacksWhatItCannotDoWithoutIsNone(String field) {
    take(WHOLE.replace("\"" + field + "\"", "\"another\""));

    assertThat(plans).isEmpty();
  }

  @Test
  void norIsThatOfAnotherPipeline() {
    take(WHOLE.replace("\"name\": \"s\"", "\"name\": \"x\""));

    assertThat(plans).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[]", "7", "", "{\"uid\": \"u\"}"})
  void whatIsNoCorrectionIsPassed(String value) {
    CorrectionFeed.take(record("u/0/7/c", value), corrections);

    assertThat(corrections).isEmpty();
  }

  private void take(String value) {
    PlanFeed.take(record(KEY.toString(), value), plans);
  }

  private static ConsumerRecord<String, byte[]> record(String key, String value) {
    return new ConsumerRecord<>(
        Topics.DEFINITIONS, 0, 0, key, value.getBytes(StandardCharsets.UTF_8));
  }
}
