package dev.millrace.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TrendTest {
  private static final int POINTS = 60;

  @Test
  void aStraightLineIsFoundAsItIs() {
    Trend trend = Trend.of(points(x -> 100 + 0.5 * x));

    assertThat(trend.slope()).isCloseTo(0.5, within(1e-9));
    assertThat(trend.low()).isCloseTo(0.5, within(1e-9));
    assertThat(trend.high()).isCloseTo(0.5, within(1e-9));
    assertThat(trend.y(0)).isCloseTo(100, within(1e-9));
    assertThat(trend.span()).isEqualTo(POINTS - 1);
    assertThat(trend.growth()).isCloseTo(0.5 * 59 / (100 + 0.5 * 29.5), within(1e-9));
  }

  @Test
  void outliersDoNotTurnIt() {
    Trend trend = Trend.of(points(x -> x % 7 == 6 ? 5_000 : 100 + (x % 3)));

    assertThat(Math.abs(trend.growth())).isLessThan(0.02);
  }

  @Test
  void theIntervalHasTheTrueSlopeInNineteenOfTwentyCases() {
    Random random = new Random(7);
    int held = 0;
    for (int i = 0; i < 1_000; i++) {
      Trend trend = Trend.of(points(x -> 50 + 0.2 * x + 10 * random.nextGaussian()));
      held += trend.low() <= 0.2 && 0.2 <= trend.high() ? 1 : 0;
    }

    assertThat(held).isBetween(930, 975);
  }

  private static List<Trend.Point> points(DoubleUnaryOperator y) {
    List<Trend.Point> points = new ArrayList<>();
    for (int x = 0; x < POINTS; x++) {
      points.add(new Trend.Point(x, y.applyAsDouble(x)));
    }
    return points;
  }
}
