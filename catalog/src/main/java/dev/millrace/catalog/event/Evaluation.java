package dev.millrace.catalog.event;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where filters of people who are still trying are run: on few threads of their own, so that one
 * that takes long holds up other previews at worst, never the service.
 */
@Singleton
final class Evaluation {
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 16;

  private final ExecutorService threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("preview-", 0).factory());

  /** It took longer than it may; or others do, and nothing was begun. */
  static final class TooLong extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean begun;

    TooLong(boolean begun) {
      super(begun ? "the evaluation took too long" : "other evaluations take too long");
      this.begun = begun;
    }

    boolean begun() {
      return begun;
    }
  }

  <T> T run(Callable<T> evaluation, Duration time) throws TooLong, ExecutionException {
    Begun<T> task = new Begun<>(evaluation);
    try {
      Future<T> result = threads.submit(task);
      try {
        return result.get(time.toMillis(), TimeUnit.MILLISECONDS);
      } finally {
        result.cancel(true);
      }
    } catch (RejectedExecutionException e) {
      throw new TooLong(false);
    } catch (TimeoutException e) {
      throw new TooLong(task.begun);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TooLong(false);
    }
  }

  private static final class Begun<T> implements Callable<T> {
    private final Callable<T> evaluation;
    private volatile boolean begun;

    Begun(Callable<T> evaluation) {
      this.evaluation = evaluation;
    }

    @Override
    public T call() throws Exception {
      begun = true;
      return evaluation.call();
    }
  }

  @PreDestroy
  void stop() {
    threads.shutdownNow();
  }
}
