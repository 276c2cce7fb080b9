package dev.millrace.catalog.progress;

import dev.millrace.api.Topics;
import dev.millrace.catalog.KafkaLogin;
import dev.millrace.catalog.tail.TopicTail;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Reads {@code millrace.status} from its beginning and for ever. */
@Singleton
final class StatusTopic {
  private final TopicTail tail;

  @Inject
  StatusTopic(KafkaLogin kafka, Positions positions) {
    this.tail = TopicTail.fromBeginning(kafka.settings(), Topics.STATUS, positions::take);
  }

  void start(@Observes StartupEvent event) {
    tail.start();
  }

  void stop(@Observes ShutdownEvent event) {
    tail.close();
  }
}
