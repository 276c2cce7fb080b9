package dev.millrace.catalog.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private final Evaluation evaluation = new Evaluation();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger stuck = new AtomicInteger();

  @AfterEach
  void stop() {
    end.countDown();
    evaluation.stop();
  }

  @Test
  void whatTakesTooLongIsGivenUp() {
    boolean begun = false;
    // On a busy machine its time may be over before it is begun.
    while (!begun) {
      Evaluation another = new Evaluation();
      begun =
          catchThrowableOfType(
                  Evaluation.TooLong.class, () -> another.run(this::stuck, Duration.ofMillis(50)))
              .begun();
      another.stop();
    }
  }

  @Test
  void stuckEvaluationsHoldUpOthersAndNobodyElse() {
    while (stuck.get() < 2) {
      assertThatThrownBy(() -> evaluation.run(this::stuck, Duration.ofMillis(20)))
          .isInstanceOf(Evaluation.TooLong.class);
    }

    assertThatThrownBy(() -> evaluation.run(() -> 1, Duration.ofMillis(20)))
        .isInstanceOfSatisfying(Evaluation.TooLong.class, e -> assertThat(e.begun()).isFalse());
  }

  /** As the regular expressions of a filter are: deaf to interruption. */
  private int stuck() {
    stuck.incrementAndGet();
    while (true) {
      try {
        end.await();
        return 0;
      } catch (InterruptedException deaf) {
        continue;
      }
    }
  }
}
