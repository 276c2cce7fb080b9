package dev.millrace.standalone.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.controller.Agenda;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys to look at again. A key is never worked on twice at once; a key added while it is worked on
 * comes again after it. At most a few keys are worked on at a time, so that a thousand new needs do
 * not open a thousand connections.
 */
final class Worklist implements Agenda, AutoCloseable {
  private static final int AT_ONCE = 8;

  private final Set<ObjectKey> waiting = new HashSet<>();
  private final Set<ObjectKey> running = new HashSet<>();
  private final Map<ObjectKey, Later> later = new HashMap<>();
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("controller-timer").daemon().factory());

  private @Nullable Consumer<ObjectKey> work;

  /**
   * When a key comes again at the latest.
   *
   * @param at of {@link System#nanoTime}
   */
  private record Later(long at, Future<?> timer) {}

  /** Until then keys only wait; what was added before is worked on too. */
  synchronized void begin(Consumer<ObjectKey> how) {
    work = how;
    Set.copyOf(waiting).forEach(this::start);
  }

  @Override
  public synchronized void add(ObjectKey key) {
    if (waiting.add(key) && !running.contains(key) && work != null) {
      start(key);
    }
  }

  /** At most one for each key: were there one for each round, each would have its successor. */
  @Override
  public synchronized void addLater(ObjectKey key, Duration delay) {
    long at = System.nanoTime() + delay.toNanos();
    Later before = later.get(key);
    if (before != null && before.at() - at <= 0) {
      return;
    }
    try {
      Future<?> timer =
          this.timer.schedule(() -> due(key), delay.toMillis(), TimeUnit.MILLISECONDS);
      forget(before);
      later.put(key, new Later(at, timer));
    } catch (RejectedExecutionException closing) {
      later.remove(key);
    }
  }

  private synchronized void due(ObjectKey key) {
    later.remove(key);
    add(key);
  }

  private static void forget(@Nullable Later later) {
    if (later != null) {
      later.timer().cancel(false);
    }
  }

  void every(Duration period, Runnable task) {
    Future<?> unused =
        timer.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void start(ObjectKey key) {
    try {
      threads.execute(() -> run(key));
    } catch (RejectedExecutionException closing) {
      waiting.remove(key);
    }
  }

  private void run(ObjectKey key) {
    slots.acquireUninterruptibly();
    try {
      Consumer<ObjectKey> how;
      synchronized (this) {
        waiting.remove(key);
        running.add(key);
        forget(later.remove(key));
        how = Objects.requireNonNull(work);
      }
      how.accept(key);
    } finally {
      slots.release();
      done(key);
    }
  }

  private synchronized void done(ObjectKey key) {
    running.remove(key);
    if (waiting.contains(key)) {
      start(key);
    }
  }

  /**
   * Waits a little for work in hand; every step may be cut off and comes again at the next start.
   */
  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
