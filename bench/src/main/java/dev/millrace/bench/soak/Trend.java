package dev.millrace.bench.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The straight line through points that a few outliers cannot turn: its slope is the median of the
 * slopes between any two of them (Theil and Sen). Between {@code low} and {@code high} the true
 * slope lies with 95 % confidence, by the order of those slopes under Kendall's test. That takes
 * points whose noise has nothing to do with each other's; where it has, the truth is less certain
 * than it says.
 *
 * @param slope of y for one of x
 * @param level the median of y
 * @param intercept of the line, where x is 0
 * @param span of x
 */
record Trend(double slope, double low, double high, double level, double intercept, double span) {
  /** Fewer points say nothing about a slope. */
  static final int FEWEST = 8;

  private static final double CONFIDENT = 1.96;

  /** A point to go through. */
  record Point(double x, double y) {}

  /** Of at least {@link #FEWEST} points whose x differ. */
  static Trend of(List<Point> points) {
    if (points.size() < FEWEST) {
      throw new IllegalArgumentException(points.size() + " points are too few for a trend");
    }
    double[] slopes = slopes(points);
    double n = points.size();
    double width = CONFIDENT * Math.sqrt(n * (n - 1) * (2 * n + 5) / 18);
    int lowest = (int) Math.floor((slopes.length - width) / 2) - 1;
    int highest = (int) Math.ceil((slopes.length + width) / 2);
    double slope = median(slopes);
    double level = median(sorted(points.stream().mapToDouble(Point::y)));
    double intercept =
        median(sorted(points.stream().mapToDouble(each -> each.y() - slope * each.x())));
    double[] x = sorted(points.stream().mapToDouble(Point::x));
    return new Trend(
        slope,
        slopes[Math.max(0, lowest)],
        slopes[Math.min(slopes.length - 1, highest)],
        level,
        intercept,
        x[x.length - 1] - x[0]);
  }

  /** By what part of its level it grows over the whole span, negative when it falls. */
  double growth() {
    return slope * span / level;
  }

  double leastGrowth() {
    return low * span / level;
  }

  double mostGrowth() {
    return high * span / level;
  }

  /** On the line. */
  double y(double x) {
    return intercept + slope * x;
  }

  private static double[] slopes(List<Point> points) {
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      for (int j = i + 1; j < points.size(); j++) {
        Point a = points.get(i);
        Point b = points.get(j);
        slopes.add((b.y() - a.y()) / (b.x() - a.x()));
      }
    }
    return sorted(slopes.stream().mapToDouble(Double::doubleValue));
  }

  private static double[] sorted(DoubleStream values) {
    double[] sorted = values.toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
