package dev.millrace.stores.redis;

import dev.millrace.stores.StoreProblem;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Waits until what was written is on the server's disk.
 *
 * <p>With {@code appendfsync everysec} the server begins an fsync when its clock shows another
 * second than at the last one and none is under way. So: seen idle in one second, there is one
 * begun after that by the time a later second has been seen; and when it is idle again after that,
 * it has ended. Both are in INFO, so the server's clock alone counts, and about one second passes.
 */
final class AppendFile {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_MILLIS = 25;

  private final Connection connection;
  private final Lock lock;
  private final long deadline = System.nanoTime() + PATIENCE_NANOS;

  private AppendFile(Connection connection, Lock lock) {
    this.connection = connection;
    this.lock = lock;
  }

  static void await(Connection connection) throws StoreProblem {
    await(connection, new ReentrantLock());
  }

  /**
   * @param lock held for each exchange, so that others can use the connection in between
   */
  static void await(Connection connection, Lock lock) throws StoreProblem {
    AppendFile file = new AppendFile(connection, lock);
    ServerInfo idle = file.idle();
    file.pause(idle.millisOfSecondLeft());
    while (file.info().second() == idle.second()) {
      file.pause();
    }
    file.idle();
  }

  private ServerInfo idle() throws StoreProblem {
    ServerInfo info = info();
    while (!info.syncIdle()) {
      pause();
      info = info();
    }
    return info;
  }

  private ServerInfo info() throws StoreProblem {
    ServerInfo info = asked();
    if (!info.keepsAppendFile()) {
      throw ServerCheck.noAppendFile(connection.problems());
    }
    return info;
  }

  private ServerInfo asked() throws StoreProblem {
    lock.lock();
    try {
      return ServerInfo.of(connection);
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws StoreProblem {
    pause(PAUSE_MILLIS);
  }

  private void pause(long millis) throws StoreProblem {
    if (System.nanoTime() > deadline) {
      throw notYet("it has not written to disk for 30 s");
    }
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notYet("waiting for its disk was interrupted");
    }
  }

  private static StoreProblem notYet(String what) {
    return new StoreProblem(
        "StoreUnavailable",
        "Redis answers, but " + what,
        "Look whether its disk is full or slow; Millrace tries again by itself.",
        true);
  }
}
