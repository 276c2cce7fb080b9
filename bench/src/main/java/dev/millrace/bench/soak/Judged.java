package dev.millrace.bench.soak;

import dev.millrace.bench.result.SoakResult;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Whether one thing stays as it is over a soak. Flat is what is shown to grow by no more than it
 * may over the whole run: the upper end of the confidence interval of its trend counts, so that
 * noise is no excuse. What is neither shown to be flat nor to grow by more is open, and does not
 * pass.
 *
 * @param trend empty when there are too few samples
 */
public record Judged(Figure figure, Optional<Line> trend, Verdict verdict) {
  /** The first tenth is left out: code is compiled and buffers find their size. */
  private static final double SETTLING = 0.1;

  /** How it looks. */
  public enum Verdict {
    FLAT("flat"),
    GROWS("**grows**"),
    OPEN("**open**: too short or too noisy to tell");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** What is judged. */
  public enum Figure {
    RESIDENT("worker's memory, resident", "MB", 0.10, SoakResult.Sample::resident),
    HEAP("worker's heap behind full collections", "MB", 0.10, SoakResult.Sample::heap),
    P50("latency p50", "ms", 0.25, SoakResult.Sample::p50),
    P99("latency p99", "ms", 0.50, SoakResult.Sample::p99);

    private final String what;
    private final String unit;
    private final double allowed;
    private final ToDoubleFunction<SoakResult.Sample> value;

    Figure(String what, String unit, double allowed, ToDoubleFunction<SoakResult.Sample> value) {
      this.what = what;
      this.unit = unit;
      this.allowed = allowed;
      this.value = value;
    }

    public String what() {
      return what;
    }

    public String unit() {
      return unit;
    }

    /** By what part of its level it may grow over the whole run. */
    public double allowed() {
      return allowed;
    }

    double of(SoakResult.Sample sample) {
      return value.applyAsDouble(sample);
    }
  }

  /**
   * The trend, as people see it; growth is over the run, as a part of the level.
   *
   * @param level the median
   * @param least growth that is within the confidence interval
   * @param most likewise
   * @param slope for a second
   * @param intercept at the second 0
   */
  public record Line(
      double level, double growth, double least, double most, double slope, double intercept) {
    double at(double second) {
      return intercept + slope * second;
    }
  }

  /** All figures of a soak. */
  public static List<Judged> of(SoakResult soak) {
    return Arrays.stream(Figure.values()).map(figure -> of(figure, soak)).toList();
  }

  private static Judged of(Figure figure, SoakResult soak) {
    List<Trend.Point> points =
        soak.samples().stream()
            .filter(each -> each.second() > SETTLING * soak.seconds())
            .map(each -> new Trend.Point(each.second(), figure.of(each)))
            .filter(each -> !Double.isNaN(each.y()))
            .toList();
    if (points.size() < Trend.FEWEST) {
      return new Judged(figure, Optional.empty(), Verdict.OPEN);
    }
    Trend trend = Trend.of(points);
    return new Judged(
        figure,
        Optional.of(
            new Line(
                trend.level(),
                trend.growth(),
                trend.leastGrowth(),
                trend.mostGrowth(),
                trend.slope(),
                trend.intercept())),
        verdict(trend, figure.allowed()));
  }

  private static Verdict verdict(Trend trend, double allowed) {
    if (trend.mostGrowth() <= allowed) {
      return Verdict.FLAT;
    }
    return trend.leastGrowth() > allowed ? Verdict.GROWS : Verdict.OPEN;
  }
}
