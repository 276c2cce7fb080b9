package dev.millrace.chaos.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.store.Snapshot;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LooksTest {
  private final Looks looks = new Looks();

  @Test
  void eachIsGivenBackAsItWasSeen() {
    looks.add(look(1, Map.of("a", row(1), "b", row(2))));
    looks.add(look(2, Map.of("b", row(2), "c", row(3))));
    looks.add(look(3, Map.of()));

    assertThat(rows())
        .containsExactly(
            Map.of("a", row(1), "b", row(2)), Map.of("b", row(2), "c", row(3)), Map.of());
  }

  @Test
  void whatDoesNotDifferFromTheLookBeforeIsOnlyCounted() {
    looks.add(look(1, Map.of("a", row(1))));
    looks.add(look(1, Map.of("a", row(1))));
    looks.add(look(1, Map.of("a", row(2))));
    looks.add(look(2, Map.of("a", row(2))));
    looks.add(look(1, Map.of("a", row(1))));

    assertThat(looks.count()).isEqualTo(5);
    assertThat(rows()).hasSize(4);
  }

  private List<Map<String, Row>> rows() {
    List<Map<String, Row>> rows = new ArrayList<>();
    looks.forEach(look -> rows.add(look.rows()));
    return rows;
  }

  private static Snapshot look(long next, Map<String, Row> rows) {
    Snapshot.Cursor cursor = new Snapshot.Cursor(1, next, next, next, 0, 0, 0);
    return new Snapshot(new Snapshot.Cursor[] {cursor}, new TreeMap<>(rows));
  }

  private static Row row(long version) {
    return new Row(version, BigDecimal.TEN, "DE");
  }
}
