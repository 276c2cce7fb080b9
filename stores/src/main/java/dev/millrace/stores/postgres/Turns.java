package dev.millrace.stores.postgres;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Who came first has the first turn: whoever loads a history would have the next one, too. */
final class Turns {
  private final Lock lock = new ReentrantLock();
  private final Deque<Turn> waiting = new ArrayDeque<>();
  private @Nullable Turn current;

  /** One turn of somebody. */
  static final class Turn {
    private final Object of;
    private final CompletableFuture<Boolean> begins = new CompletableFuture<>();

    private Turn(Object of) {
      this.of = of;
    }

    boolean isOf(Object who) {
      return of == who;
    }
  }

  /** Waits. Null when it was called off meanwhile. */
  @Nullable Turn begin(Object who) {
    Turn mine = new Turn(who);
    lock.lock();
    try {
      if (current == null) {
        current = mine;
        return mine;
      }
      waiting.add(mine);
    } finally {
      lock.unlock();
    }
    return mine.begins.join() ? mine : null;
  }

  void end() {
    lock.lock();
    try {
      current = waiting.poll();
      if (current != null) {
        current.begins.complete(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits does not any more. */
  void callOff(Object who) {
    lock.lock();
    try {
      waiting.stream().filter(turn -> turn.isOf(who)).forEach(turn -> turn.begins.complete(false));
      waiting.removeIf(turn -> turn.isOf(who));
    } finally {
      lock.unlock();
    }
  }

  /** The one that lasts now. */
  @Nullable Turn current() {
    lock.lock();
    try {
      return current;
    } finally {
      lock.unlock();
    }
  }

  /** Does it while this turn lasts, or not at all; it waits for nothing. */
  void during(Turn turn, Runnable deed) {
    lock.lock();
    try {
      if (current == turn) {
        deed.run();
      }
    } finally {
      lock.unlock();
    }
  }
}
