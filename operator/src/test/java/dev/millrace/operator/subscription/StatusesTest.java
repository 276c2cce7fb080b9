package dev.millrace.operator.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.status.Condition;
import dev.millrace.api.status.Counts;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.status.SubscriptionStatus.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusesTest {
  private static final Progress THERE = new Progress(100, null, 0, 7, 3.5, Counts.NONE);

  private static SubscriptionStatus status(String reason, String message, Progress progress) {
    Condition condition =
        new Condition("CaughtUp", "False", reason, message, 1, Instant.ofEpochSecond(5));
    return new SubscriptionStatus(
        "Live", 1L, List.of(condition), null, progress, null, null, null, null);
  }

  @Test
  void anotherReasonIsWorthAWriteAndOtherWordsAreNot() {
    SubscriptionStatus one = status("Behind", "7 events behind", THERE);

    assertThat(Statuses.essence(status("Behind", "8 events behind", null)))
        .isEqualTo(Statuses.essence(one));
    assertThat(Statuses.essence(status("AtLogEnd", "7 events behind", THERE)))
        .isNotEqualTo(Statuses.essence(one));
  }

  @Test
  void anAgeAloneIsNoDifference() {
    SubscriptionStatus one = status("Behind", "7 events behind", THERE);

    assertThat(
            Statuses.isSame(
                one,
                Statuses.with(one, Optional.of(new Progress(100, null, 0, 7, 99, Counts.NONE)))))
        .isTrue();
    assertThat(
            Statuses.isSame(
                one,
                Statuses.with(one, Optional.of(new Progress(100, null, 0, 8, 3.5, Counts.NONE)))))
        .isFalse();
    assertThat(Statuses.isSame(one, status("Behind", "8 events behind", THERE))).isFalse();
  }

  @Test
  void whatMovesHasToBeLookedAtAgain() {
    assertThat(Statuses.isMoving(status("Behind", "", THERE))).isFalse();
    assertThat(Statuses.isMoving(status("Behind", "", null))).isFalse();
    assertThat(
            Statuses.isMoving(
                status("Behind", "", new Progress(50, null, 12, 7, 3.5, Counts.NONE))))
        .isTrue();
    assertThat(
            Statuses.isMoving(status("Behind", "", new Progress(50, 9L, 0, 7, 3.5, Counts.NONE))))
        .isTrue();
  }
}
