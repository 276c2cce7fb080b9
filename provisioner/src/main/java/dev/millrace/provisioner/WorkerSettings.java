package dev.millrace.provisioner;

import java.util.Map;

/**
 * How one worker works.
 *
 * @param worker its id: in cursors, reports and logs
 * @param kafka client properties that reach the cluster: bootstrap servers and security
 * @param group the pool's consumer group; workers of one group share the partitions
 * @param memoryBytes for all pipelines together: about the most memory for events that were read,
 *     for batches, and for knowing which keys are in the stores; when the last does not suffice,
 *     rows that never were there are deleted nevertheless
 * @param batchBytes about the largest batch of one pipeline
 */
public record WorkerSettings(
    String worker, Map<String, Object> kafka, String group, long memoryBytes, long batchBytes) {

  public static final String DEFAULT_GROUP = "millrace-workers";

  private static final long LEAST_MEMORY = 16L << 20;
  private static final long USUAL_BATCH = 4L << 20;

  public WorkerSettings {
    if (worker.isBlank()) {
      throw new IllegalArgumentException("worker is empty: give each worker an id of its own");
    }
    if (!kafka.containsKey("bootstrap.servers")) {
      throw new IllegalArgumentException("kafka has no bootstrap.servers: name the brokers");
    }
    if (batchBytes < 1 || memoryBytes < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "batchBytes must be positive, and memoryBytes at least " + LEAST_MEMORY);
    }
    kafka = Map.copyOf(kafka);
  }

  /** Takes two fifths of the heap. */
  public static WorkerSettings of(String worker, Map<String, Object> kafka) {
    long memory = Math.max(LEAST_MEMORY, Runtime.getRuntime().maxMemory() / 5 * 2);
    return new WorkerSettings(worker, kafka, DEFAULT_GROUP, memory, USUAL_BATCH);
  }

  /** Without the Kafka properties, which hold a password. */
  @Override
  public String toString() {
    return "WorkerSettings[" + worker + " in " + group + "]";
  }
}
