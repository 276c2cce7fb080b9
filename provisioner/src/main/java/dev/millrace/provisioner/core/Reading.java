package dev.millrace.provisioner.core;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** All that one consumer has to read from now on. */
public record Reading(Map<TopicPartition, Spot> spots) {
  public static final Reading NOTHING = new Reading(Map.of());

  public Reading {
    spots = Map.copyOf(spots);
  }

  /**
   * Where it reads one partition.
   *
   * @param seek another number than before means: go to {@code position}
   * @param position where it begins
   * @param topicId what the topic must be
   * @param leaderEpoch of the record before, to notice a log that was cut back
   * @param paused it keeps its place and reads nothing now
   */
  public record Spot(
      long seek, String topicId, long position, Optional<Integer> leaderEpoch, boolean paused) {}
}
