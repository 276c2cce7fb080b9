package dev.millrace.needs.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001-01-01T00:00:00Z",
        "2024-02-29T23:59:59.123456789Z",
        "0001-12-31T12:00:00.5Z",
        "9999-12-31T23:59:59.999999Z"
      })
  void theUsualSpellingIsReadAsTheFormatterReadsIt(String text) {
    assertThat(UtcTime.parse(text)).isEqualTo(OffsetDateTime.parse(text).toInstant());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2023-02-29T00:00:00Z",
        "2023-13-01T00:00:00Z",
        "2023-00-01T00:00:00Z",
        "2023-01-00T00:00:00Z",
        "2023-01-01T24:00:00Z",
        "2023-01-01T23:60:00Z",
        "2023-01-01T23:59:60Z",
        "2023-01-01T23:59:59.Z",
        "2023-01-01T23:59:59.1234567890Z",
        "2023-01-01T23:59:59+01:00",
        "2023-01-01T23:59Z",
        "2023-1-01T23:59:590Z",
        "-023-01-01T23:59:59Z",
        ""
      })
  void anythingElseIsLeftToTheFormatter(String text) {
    assertThat(UtcTime.parse(text)).isNull();
  }

  @Test
  void nothingIsReadThatTheFormatterReadsOtherwise() {
    Random random = new Random(7);
    String characters = "0123456789-T:.Z+";
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder("2024-02-28T23:59:59.250Z");
      for (int change = random.nextInt(3); change >= 0; change--) {
        text.setCharAt(
            random.nextInt(text.length()), characters.charAt(random.nextInt(characters.length())));
      }
      Instant read = UtcTime.parse(text.toString());
      assertThat(Optional.ofNullable(read))
          .satisfies(found ->
              found.ifPresent(time -> assertThat(slow(text)).as("%s", text).hasValue(time)));
    }
  }

  private static Optional<Instant> slow(CharSequence text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  @Test
  void whatIsWrittenIsWhatAnInstantSaysOfItself() {
    Random random = new Random(11);
    long[] seconds = {
      -62_167_219_201L, -62_167_219_200L, -1, 0, 253_402_300_799L, 253_402_300_800L
    };
    int[] nanos = {0, 1, 1_000, 1_000_000, 999_999_999, 999_999_000, 999_000_000, 10};
    for (int i = 0; i < 100_000; i++) {
      long second =
          i < 100
              ? seconds[random.nextInt(seconds.length)]
              : random.nextLong(-62_200_000_000L, 253_500_000_000L);
      Instant instant =
          Instant.ofEpochSecond(
              second,
              random.nextBoolean()
                  ? nanos[random.nextInt(nanos.length)]
                  : random.nextInt(1_000_000_000));
      assertThat(UtcTime.text(instant)).isEqualTo(instant.toString());
    }
  }
}
