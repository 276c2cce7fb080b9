package dev.millrace.provisioner.core;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.report.Standing;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What the core wants done. Each method returns at once; what came of it is told to the core later,
 * under the same ticket. For one ticket the core orders one {@code write}, one {@code flush} and
 * one {@code fill} at a time, which may run beside each other, and nothing after {@code close}.
 */
public interface Orders {

  /**
   * Take the partitions' cursors over: {@code opened} or {@code openFailed}.
   *
   * @param presenceBytes most memory for knowing which keys are in the store
   */
  void open(Ticket ticket, Work work, long presenceBytes);

  /** Look where the cursors stand, without taking them: {@code seen} or {@code lookFailed}. */
  void look(Ticket ticket, Work work);

  /**
   * Take records into the batch that grows: {@code filled} or {@code fillFailed}.
   *
   * @param room most bytes to take
   * @param oversize an empty batch may take a single record that is larger
   */
  void fill(Ticket ticket, List<Chunk> chunks, long room, boolean oversize);

  /**
   * It takes nothing in until there is this; the next {@code fill} ends that. For whoever measures:
   * nothing has to be done.
   */
  void awaits(Ticket ticket, Awaited what);

  /** Cut the batch now, and write it: {@code wrote} or {@code writeFailed}. */
  void write(Ticket ticket);

  /**
   * Amend what is dead in the store of these corrected events: {@code amended} or {@code
   * amendFailed}. Nothing is taken in or written meanwhile, and all that was taken in has been
   * written.
   */
  void amend(Ticket ticket, Set<EventPlace> due);

  /** Make sure that the store keeps what was written: {@code flushed} or {@code flushFailed}. */
  void flush(Ticket ticket);

  /** End the connection now, so that what is under way there fails. */
  void cut(Ticket ticket);

  /** Let go of the store: {@code closed}. */
  void close(Ticket ticket);

  /** What this consumer reads from now on. */
  void read(int lane, Reading reading);

  /** Share these topics with the other workers of the group. */
  void share(Set<String> topics);

  void watch(Set<String> topics, Set<TopicPartition> partitions);

  /** Replaces what is said of these partitions. */
  void show(PipelinePlan plan, List<Standing> standings);

  /** Another worker speaks for it from now on. */
  void leave(ObjectKey subscription);

  /** It has ended: its reports go. */
  void wipe(ObjectKey subscription, Set<Integer> partitions);

  /** For the log: a pipeline stands for another reason than before. */
  void stands(Work work, Trouble trouble);
}
