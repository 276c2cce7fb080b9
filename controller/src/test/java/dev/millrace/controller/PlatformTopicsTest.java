package dev.millrace.controller;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.Topics;
import dev.millrace.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformTopicsTest {
  @TempDir Path folder;

  @Test
  void whatSomebodyElseMadeHasToBeOfTheSameForm() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      Map<String, Object> settings = new HashMap<>(kafka.platformProperties());
      PlatformTopics.create(settings);
      PlatformTopics.create(settings);

      try (Admin admin = Admin.create(settings)) {
        admin.deleteTopics(List.of(Topics.DEFINITIONS)).all().get();
        // As a broker makes them unasked.
        admin.createTopics(List.of(new NewTopic(Topics.DEFINITIONS, 3, (short) 1))).all().get();
        while (!admin.listTopics().names().get().contains(Topics.DEFINITIONS)) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
      }

      assertThatThrownBy(() -> PlatformTopics.create(settings))
          .isInstanceOf(PlatformTopics.NotMade.class)
          .hasMessageContaining(Topics.DEFINITIONS)
          .hasMessageContaining("cleanup.policy=delete and 3 partitions");
    }
  }
}
