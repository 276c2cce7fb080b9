package dev.millrace.standalone.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorklistTest {
  private static final ObjectKey A = new ObjectKey("t", "a");
  private static final ObjectKey B = new ObjectKey("t", "b");

  private final Worklist worklist = new Worklist();
  private final Queue<ObjectKey> worked = new ConcurrentLinkedQueue<>();
  private final Semaphore ended = new Semaphore(0);

  @AfterEach
  void close() {
    worklist.close();
  }

  @Test
  void whatWasAddedBeforeTheBeginningIsWorkedOnOnceBehindIt() throws Exception {
    worklist.add(A);
    worklist.add(A);
    worklist.addLater(B, Duration.ZERO);
    assertThat(worked).isEmpty();

    worklist.begin(this::work);

    ended.acquire(2);
    assertThat(worked).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void whatIsAddedWhileItIsWorkedOnComesAgainBehindIt() throws Exception {
    CountDownLatch added = new CountDownLatch(1);
    Semaphore begun = new Semaphore(0);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    worklist.begin(key -> {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      begun.release();
      await(added);
      now.decrementAndGet();
      work(key);
    });
    worklist.add(A);
    begun.acquire();
    worklist.add(A);
    added.countDown();

    ended.acquire(2);
    assertThat(worked).containsExactly(A, A);
    assertThat(most).hasValue(1);
  }

  @Test
  void fewAreWorkedOnAtATime() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Semaphore begun = new Semaphore(0);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    worklist.begin(key -> {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      begun.release();
      await(go);
      now.decrementAndGet();
      work(key);
    });
    for (int i = 0; i < 30; i++) {
      worklist.add(new ObjectKey("t", "k" + i));
    }
    begun.acquire(8);
    go.countDown();

    ended.acquire(30);
    assertThat(most.get()).isEqualTo(8);
  }

  @Test
  void workThatFailsDoesNotBlockItsKey() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    worklist.begin(key -> {
      work(key);
      if (tries.getAndIncrement() == 0) {
        throw new IllegalStateException("fails the first time");
      }
    });
    worklist.add(A);
    ended.acquire();

    worklist.add(A);

    ended.acquire();
    assertThat(worked).containsExactly(A, A);
  }

  @Test
  void howeverOftenAKeyIsToComeLaterItComesOnce() throws Exception {
    worklist.begin(this::work);
    for (int i = 0; i < 50; i++) {
      worklist.addLater(A, Duration.ofMillis(100 + i));
      worklist.addLater(A, Duration.ofMillis(50));
    }

    ended.acquire();
    assertThat(ended.tryAcquire(400, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void oneThatComesBeforeNeedNotComeAgain() throws Exception {
    worklist.begin(this::work);
    worklist.addLater(A, Duration.ofMillis(100));
    worklist.add(A);

    ended.acquire();
    assertThat(ended.tryAcquire(400, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void behindTheEndNothingComesAndNothingComplains() throws Exception {
    worklist.begin(this::work);
    worklist.close();

    worklist.add(A);
    worklist.addLater(A, Duration.ZERO);

    assertThat(ended.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
  }

  private void work(ObjectKey key) {
    worked.add(key);
    ended.release();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
