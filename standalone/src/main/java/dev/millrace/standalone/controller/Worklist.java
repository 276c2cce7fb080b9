package dev.millrace.standalone.controller;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keys to look at again. A key is never worked on twice at once; a key added while it is worked on
 * comes again after it. At most a few keys are worked on at a time, so that a thousand new needs do
 * not open a thousand connections.
 */
final class Worklist<K> implements AutoCloseable {
  private static final int AT_ONCE = 8;

  private final Consumer<K> work;
  private final Set<K> waiting = new HashSet<>();
  private final Set<K> running = new HashSet<>();
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("controller-timer").daemon().factory());

  Worklist(Consumer<K> work) {
    this.work = work;
  }

  synchronized void add(K key) {
    if (waiting.add(key) && !running.contains(key)) {
      start(key);
    }
  }

  void addLater(K key, Duration delay) {
    Future<?> unused = timer.schedule(() -> add(key), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  void every(Duration period, Runnable task) {
    Future<?> unused =
        timer.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void start(K key) {
    try {
      threads.execute(() -> run(key));
    } catch (RejectedExecutionException closing) {
      waiting.remove(key);
    }
  }

  private void run(K key) {
    slots.acquireUninterruptibly();
    try {
      synchronized (this) {
        waiting.remove(key);
        running.add(key);
      }
      work.accept(key);
    } finally {
      slots.release();
      done(key);
    }
  }

  private synchronized void done(K key) {
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
