package dev.millrace.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FoldTest {
  private static final int EVENTS = 5_000;
  private static final long SEED = 7;
  private static final Shape AS_IT_IS = (row, place) -> Optional.of(row);

  private final Log log = log();

  @Test
  void itIsTheLastEventOfEachKeyUnlessThatDeletes() {
    Map<String, Event> last = new HashMap<>();
    log.partition(0).stream()
        .filter(event -> event.effect() != Event.Effect.POISON)
        .forEach(event -> last.put(event.key(), event));
    last.values().removeIf(event -> event.effect() == Event.Effect.DELETE);

    Fold fold = new Fold(log, new long[] {0}, row -> true, AS_IT_IS);

    assertThat(fold.at(new long[] {EVENTS}))
        .isNotEmpty()
        .allSatisfy((key, row) -> assertThat(row).isEqualTo(last.get(key).row()))
        .hasSameSizeAs(last);
  }

  @Test
  void itGoesBackWithTheCursor() {
    Fold fold = new Fold(log, new long[] {0}, row -> true, AS_IT_IS);
    Map<String, Row> early = Map.copyOf(fold.at(new long[] {500}));

    assertThat(fold.at(new long[] {EVENTS})).isNotEqualTo(early);
    assertThat(fold.at(new long[] {500})).isEqualTo(early);
  }

  @Test
  void whatWasLostHasNoEffect() {
    Fold fold = new Fold(log, new long[] {0}, row -> true, AS_IT_IS);
    Map<String, Row> before = Map.copyOf(fold.at(new long[] {500}));

    fold.lose(new long[] {500}, new long[] {700});

    assertThat(fold.at(new long[] {700})).isEqualTo(before);
    assertThat(fold.events(new long[] {EVENTS})).isEqualTo(EVENTS - 200);
    assertThat(fold.poison(new long[] {EVENTS}))
        .isNotEmpty()
        .noneMatch(place -> place.offset() >= 500 && place.offset() < 700);
    assertThat(fold.at(new long[] {750})).isNotEqualTo(before);
  }

  @Test
  void whatNoLongerPassesTheFilterIsGone() {
    Fold fold = new Fold(log, new long[] {0}, row -> row.version() % 2 == 0, AS_IT_IS);

    assertThat(fold.at(new long[] {EVENTS}).values())
        .isNotEmpty()
        .allMatch(row -> row.version() % 2 == 0);
  }

  @Test
  void theStreamHasAllThatHurts() {
    assertThat(log.partition(0)).extracting(Event::effect).contains(Event.Effect.values());
  }

  private static Log log() {
    Log log = new Log("t", SEED, 1);
    for (long i = 0; i < EVENTS; i++) {
      log.partition(0).add(Event.of(SEED, i));
    }
    return log;
  }
}
