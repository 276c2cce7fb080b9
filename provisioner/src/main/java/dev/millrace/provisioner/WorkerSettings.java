package dev.millrace.provisioner;

import java.util.Map;

/**
 * How one worker works.
 *
 * @param worker its id: in cursors, reports and logs
 * @param kafka client properties that reach the cluster: bootstrap servers and security
 * @param group the pool's consumer group; workers of one group share the partitions
 * @param presenceBytes for each pipeline: most memory for knowing which keys are in the store; when
 *     it does not suffice, rows that never were there are deleted nevertheless
 * @param batchBytes for each pipeline: about the largest batch; three of them are held at most
 */
public record WorkerSettings(
    String worker, Map<String, Object> kafka, String group, long presenceBytes, long batchBytes) {

  public static final String DEFAULT_GROUP = "millrace-workers";

  public WorkerSettings {
    if (worker.isBlank()) {
      throw new IllegalArgumentException("worker is empty: give each worker an id of its own");
    }
    if (!kafka.containsKey("bootstrap.servers")) {
      throw new IllegalArgumentException("kafka has no bootstrap.servers: name the brokers");
    }
    if (presenceBytes < 0 || batchBytes < 1) {
      throw new IllegalArgumentException("presenceBytes and batchBytes must be positive");
    }
    kafka = Map.copyOf(kafka);
  }

  public static WorkerSettings of(String worker, Map<String, Object> kafka) {
    return new WorkerSettings(worker, kafka, DEFAULT_GROUP, 32L << 20, 4L << 20);
  }

  /** Without the Kafka properties, which hold a password. */
  @Override
  public String toString() {
    return "WorkerSettings[" + worker + " in " + group + "]";
  }
}
