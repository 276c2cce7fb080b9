package dev.millrace.catalog.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private final Evaluation evaluation = new Evaluation();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void stop() {
    end.countDown();
    evaluation.stop();
  }

  @Test
  void whatTakesTooLongIsGivenUp() {
    assertThatThrownBy(() -> evaluation.run(this::stuck, Duration.ofMillis(50)))
        .isInstanceOfSatisfying(Evaluation.TooLong.class, e -> assertThat(e.begun()).isTrue());
  }

  @Test
  void stuckEvaluationsHoldUpOthersAndNobodyElse() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> evaluation.run(this::stuck, Duration.ofMillis(20)))
          .isInstanceOf(Evaluation.TooLong.class);
    }

    assertThatThrownBy(() -> evaluation.run(() -> 1, Duration.ofMillis(20)))
        .isInstanceOfSatisfying(Evaluation.TooLong.class, e -> assertThat(e.begun()).isFalse());
  }

  /** As the regular expressions of a filter are: deaf to interruption. */
  private int stuck() {
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
