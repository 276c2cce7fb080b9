package dev.millrace.provisioner.source;

/**
 * What a look at a topic found.
 *
 * @param id empty when there is no such topic
 */
public record TopicSeen(String id, int partitions) {
  static final TopicSeen MISSING = new TopicSeen("", 0);

  public boolean isMissing() {
    return id.isEmpty();
  }
}
