package dev.millrace.kubernetes.catalog;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.catalog.KafkaLogin;
import dev.millrace.catalog.control.Mirror;
import dev.millrace.catalog.tail.TopicTail;
import dev.millrace.needs.plan.Rebuilds;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** What workers have, as the operator publishes it: progress and explanations go by it. */
@Singleton
final class Plans {
  private static final Logger LOG = Logger.getLogger(Plans.class);
  private static final int LOOKS_MILLIS = 100;

  private final CustomResources resources;
  private final Mirror mirror;
  private final TopicTail tail;
  private final Thread first;

  @Inject
  Plans(KafkaLogin kafka, CustomResources resources, Mirror mirror) {
    this.resources = resources;
    this.mirror = mirror;
    this.tail = TopicTail.fromBeginning(kafka.settings(), Topics.DEFINITIONS, this::take);
    this.first = Thread.ofPlatform().daemon().name("catalog-plans").unstarted(this::begin);
  }

  /** Returns at once. */
  void start() {
    first.start();
  }

  /** After the subscriptions: a plan that was taken back is kept only of one that is there. */
  private void begin() {
    try {
      while (!resources.hasSynced()) {
        TimeUnit.MILLISECONDS.sleep(LOOKS_MILLIS);
      }
      tail.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    first.interrupt();
    tail.close();
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    try {
      ObjectKey pipeline = ObjectKey.parse(record.key());
      if (!Rebuilds.subscriptionOf(pipeline).equals(pipeline)) {
        // What is built anew is shown when it takes the other's place.
        return;
      }
      if (record.value() == null) {
        mirror.planGone(pipeline);
      } else {
        mirror.plan(Json.LENIENT.readValue(record.value(), PipelinePlan.class));
      }
    } catch (IOException | RuntimeException e) {
      LOG.errorf(e, "a plan is not shown subscription=%s", record.key());
    }
  }
}
