package dev.millrace.standalone.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** How many records each partition of a topic holds: nothing is ever removed from the demo's. */
final class TopicEnds implements AutoCloseable {
  private final String name;
  private final Admin admin;

  TopicEnds(String name, Map<String, String> kafka) {
    this.name = name;
    this.admin = Admin.create(new HashMap<String, Object>(kafka));
  }

  String name() {
    return name;
  }

  long[] read() throws InterruptedException {
    try {
      TopicDescription topic = admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      topic
          .partitions()
          .forEach(p -> asked.put(new TopicPartition(name, p.partition()), OffsetSpec.latest()));
      long[] ends = new long[topic.partitions().size()];
      admin
          .listOffsets(asked)
          .all()
          .get()
          .forEach((partition, at) -> ends[partition.partition()] = at.offset());
      return ends;
    } catch (ExecutionException e) {
      throw new DemoFailed("the topic " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
