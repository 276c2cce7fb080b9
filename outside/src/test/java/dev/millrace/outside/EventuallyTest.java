package dev.millrace.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {

  @Test
  void aServerThatDoesNotAnswerIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();

    Eventually.await(
        "it is up",
        Duration.ofMinutes(5),
        () -> {
          if (asked.incrementAndGet() < 3) {
            throw new IllegalStateException("not yet");
          }
          return true;
        });

    assertThat(asked).hasValue(3);
  }

  @Test
  void whatCanNoLongerComeIsNotWaitedFor() {
    AtomicInteger asked = new AtomicInteger();

    assertThatThrownBy(() ->
            Eventually.await(
                "it is up",
                Duration.ofMinutes(5),
                () -> {
                  asked.incrementAndGet();
                  throw new Eventually.Never("it ended");
                }))
        .isInstanceOf(Eventually.Never.class);
    assertThat(asked).hasValue(1);
  }
}
