package dev.millrace.provisioner.core;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Who takes in at the moment. It is computing, so more at once than processors gain nothing, and
 * each holds the chunks it was given; the others take their turns.
 */
final class Fills {
  private final int most;
  private final Set<Member> waiting = new LinkedHashSet<>();
  private int running;

  Fills(int most) {
    this.most = most;
  }

  boolean isFree() {
    return running < most;
  }

  void begin() {
    running++;
  }

  void end() {
    running--;
  }

  void await(Member member) {
    waiting.add(member);
    member.isWaiting = true;
  }

  void forget(Member member) {
    waiting.remove(member);
    member.isWaiting = false;
  }

  /** Whose turn it is; nobody's while no place is free. */
  Set<Member> admitted() {
    if (waiting.isEmpty() || !isFree()) {
      return Set.of();
    }
    Member first = waiting.iterator().next();
    forget(first);
    return Set.of(first);
  }
}
