package dev.millrace.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class PlanTopicTest {
  private static final ObjectKey KEY = new ObjectKey("team", "orders");

  private final Map<ObjectKey, PipelinePlan> written = new HashMap<>();
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final PlanTopic topic = new PlanTopic(producer, () -> Map.copyOf(written));

  @Test
  void aWriteWithoutAnAnswerIsLookedForOnTheTopic() throws SourceFault {
    topic.publish(plan(1));
    failsToAnswer(plan(2));
    written.put(KEY, plan(2));

    topic.makeSure(KEY);

    assertThat(topic.published(KEY)).contains(plan(2));
  }

  @Test
  void oneThatIsNotThereWasNotWritten() throws SourceFault {
    topic.publish(plan(1));
    written.put(KEY, plan(1));
    failsToAnswer(plan(2));

    topic.makeSure(KEY);

    assertThat(topic.published(KEY)).contains(plan(1));
  }

  @Test
  void aRetractionWithoutAnAnswerIsLookedForToo() throws SourceFault {
    topic.publish(plan(1));
    producer.sendException = new TimeoutException("no answer");
    assertThatThrownBy(() -> topic.retract(KEY)).isInstanceOf(SourceFault.class);
    producer.sendException = null;

    topic.makeSure(KEY);

    assertThat(topic.published(KEY)).isEmpty();
  }

  @Test
  void whatTheTopicTellsIsWrittenBehindWhateverIsLate() throws SourceFault {
    topic.publish(plan(1));
    written.put(KEY, plan(1));
    failsToAnswer(plan(2));
    int before = producer.history().size();

    topic.makeSure(KEY);
    topic.makeSure(KEY);

    assertThat(producer.history()).hasSize(before + 1);
    assertThat(producer.history().getLast().value()).isEqualTo(Wire.bytes(plan(1)));
  }

  @Test
  void aPlanThatIsNotThereIsTakenAwayBehindWhateverIsLate() throws SourceFault {
    failsToAnswer(plan(1));

    topic.makeSure(KEY);

    assertThat(producer.history().getLast().value()).isNull();
    assertThat(topic.published(KEY)).isEmpty();
  }

  @Test
  void whatWasAnsweredIsNotAskedAgain() throws SourceFault {
    topic.publish(plan(1));
    written.put(KEY, plan(7));

    topic.makeSure(KEY);

    assertThat(topic.published(KEY)).contains(plan(1));
  }

  private void failsToAnswer(PipelinePlan plan) {
    producer.sendException = new TimeoutException("no answer");
    assertThatThrownBy(() -> topic.publish(plan)).isInstanceOf(SourceFault.class);
    producer.sendException = null;
  }

  private static PipelinePlan plan(long definition) {
    return new PipelinePlan(
        KEY,
        "uid",
        definition,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("sales", "orders"),
            "sales.orders",
            "topic",
            "cluster",
            1,
            JsonNodeFactory.instance.objectNode(),
            "id",
            false),
        null,
        List.of(),
        "Upsert",
        new PipelinePlan.Target("Postgres", KEY, "host", 1, "db", "disable", "writer", null, null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L),
        Map.of(0, 0L),
        null);
  }
}
