package dev.millrace.chaos.platform;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;

/** The consumer group by which workers share the partitions, as the broker sees it. */
public final class WorkerGroup implements AutoCloseable {
  private static final String GROUP = "millrace-workers";

  private final Admin admin;

  WorkerGroup(Map<String, Object> kafka) {
    this.admin = Admin.create(kafka);
  }

  /** How many partitions each has. One that was killed is a member until its session ends. */
  public Map<String, Integer> members() throws Exception {
    return admin
        .describeConsumerGroups(List.of(GROUP))
        .all()
        .get(30, TimeUnit.SECONDS)
        .get(GROUP)
        .members()
        .stream()
        .collect(
            Collectors.toMap(
                MemberDescription::clientId,
                member -> member.assignment().topicPartitions().size(),
                Integer::sum,
                TreeMap::new));
  }

  @Override
  public void close() {
    admin.close();
  }
}
