package dev.millrace.provisioner.core;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may hold how much of what is read and not yet written. Half of the budget is first come,
 * first served; the other half is divided evenly, so that stores that hang, however many, leave
 * something for everybody else. A record larger than such a part waits for the first half.
 */
final class Batches {
  private static final long LEAST_PATIENCE = Duration.ofSeconds(1).toNanos();
  private static final long MOST_PATIENCE = Duration.ofSeconds(5).toNanos();
  private static final long FOR_EACH = Duration.ofMillis(10).toNanos();

  private final Limits limits;
  private final Set<Member> waiting = new LinkedHashSet<>();
  private long held;
  private int members;

  Batches(Limits limits) {
    this.limits = limits;
  }

  void share(int subscriptions) {
    members = subscriptions;
  }

  void hold(long bytes) {
    held += bytes;
  }

  boolean isFree() {
    return held < limits.batchBytes() / 2;
  }

  /**
   * @param batch bytes of the batch that grows
   * @param all bytes that this member holds, the batch among them
   * @return how many more it may take; 0 when it has to wait
   */
  long room(long batch, long all) {
    long most = isFree() ? limits.largestBatch() - batch : fairShare() - all;
    return Math.max(0, Math.min(most, limits.largestBatch() - batch));
  }

  /**
   * Of a history: some hundred rows, which cost a store little more than one. Of many subscriptions
   * less, for whoever waits holds memory.
   */
  long little() {
    return Math.min(limits.largestBatch() / 16, limits.batchBytes() / Math.max(1, members) / 4);
  }

  /** How long such little may wait: many that wrote every second would keep a store busy. */
  long patienceNanos() {
    return Math.clamp(members * FOR_EACH, LEAST_PATIENCE, MOST_PATIENCE);
  }

  private long fairShare() {
    return limits.batchBytes() / 2 / Math.max(1, members);
  }

  void await(Member member) {
    waiting.add(member);
  }

  void forget(Member member) {
    waiting.remove(member);
  }

  /** Who may try again; nobody while the first half is taken. */
  List<Member> admitted() {
    if (waiting.isEmpty() || !isFree()) {
      return List.of();
    }
    List<Member> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }
}
