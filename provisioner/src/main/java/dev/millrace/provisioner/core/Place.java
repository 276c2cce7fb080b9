package dev.millrace.provisioner.core;

import dev.millrace.stores.Cursor;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where one subscription stands in one partition: among what was read, not what was written. */
final class Place {
  final Member member;
  final TopicPartition partition;
  final String topicId;

  /** Leader epoch of the last record that the store holds, if the log has it still. */
  final Optional<Integer> leaderEpoch;

  /** It goes no further. */
  final long end;

  long position;

  /** It has taken all that its cohort has read. */
  boolean hungry;

  @Nullable Cohort cohort;

  Place(Member member, Work work, Cursor cursor) {
    this.end = work.ends().getOrDefault(cursor.partition(), Long.MAX_VALUE);
    this.member = member;
    this.partition = new TopicPartition(work.plan().source().topic(), cursor.partition());
    this.topicId = cursor.topicId();
    this.position = work.position(cursor);
    this.leaderEpoch = work.leaderEpoch(cursor);
  }

  boolean isAtEnd() {
    return position >= end;
  }

  @Override
  public String toString() {
    return member.subscription() + "/" + partition + "@" + position;
  }
}
