package dev.millrace.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.util.HashMap;
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
    topic.publish(Plans.of(KEY, 1));
    failsToAnswer(Plans.of(KEY, 2));
    written.put(KEY, Plans.of(KEY, 2));

    topic.makeSure(KEY);

    assertThat(topic.published(KEY)).contains(Plans.of(KEY, 2));
  }

  @Test
  void oneThatIsNotThereWasNotWritten() throws SourceFault {
    topic.publish(Plans.of(KEY, 1));
    written.put(KEY, Plans.of(KEY, 1));
    failsToAnswer(Plans.of(KEY, 2));

    topic.makeSure(KEY);

    assertThat(topic.published(KEY)).contains(Plans.of(KEY, 1));
  }

  @Test
  void aRetractionWithoutAnAnswerIsLookedForToo() throws SourceFault {
    topic.publish(Plans.of(KEY, 1));
    producer.sendException = new TimeoutException("no answer");
    assertThatThrownBy(() -> topic.retract(KEY)).isInstanceOf(SourceFault.class);
    producer.sendException = null;

    topic.makeSure(KEY);

    assertThat(topic.published(KEY)).isEmpty();
  }

  @Test
  void whatTheTopicTellsIsWrittenBehindWhateverIsLate() throws SourceFault {
    topic.publish(Plans.of(KEY, 1));
    written.put(KEY, Plans.of(KEY, 1));
    failsToAnswer(Plans.of(KEY, 2));
    int before = producer.history().size();

    topic.makeSure(KEY);
    topic.makeSure(KEY);

    assertThat(producer.history()).hasSize(before + 1);
    assertThat(producer.history().getLast().value()).isEqualTo(Wire.bytes(Plans.of(KEY, 1)));
  }

  @Test
  void aPlanThatIsNotThereIsTakenAwayBehindWhateverIsLate() throws SourceFault {
    failsToAnswer(Plans.of(KEY, 1));

    topic.makeSure(KEY);

    assertThat(producer.history().getLast().value()).isNull();
    assertThat(topic.published(KEY)).isEmpty();
  }

  @Test
  void whatWasAnsweredIsNotAskedAgain() throws SourceFault {
    topic.publish(Plans.of(KEY, 1));
    written.put(KEY, Plans.of(KEY, 7));

    topic.makeSure(KEY);

    assertThat(topic.published(KEY)).contains(Plans.of(KEY, 1));
  }

  private void failsToAnswer(PipelinePlan plan) {
    producer.sendException = new TimeoutException("no answer");
    assertThatThrownBy(() -> topic.publish(plan)).isInstanceOf(SourceFault.class);
    producer.sendException = null;
  }
}
