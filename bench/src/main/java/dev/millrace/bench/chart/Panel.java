package dev.millrace.bench.chart;

import java.util.List;

/**
 * Lines over one axis.
 *
 * @param title above, with the unit of what goes up
 * @param below what goes to the right, with its unit
 * @param ticks what is written below, and where
 * @param lines to be drawn in this order
 */
public record Panel(String title, String below, List<Tick> ticks, List<Line> lines) {
  public Panel {
    ticks = List.copyOf(ticks);
    lines = List.copyOf(lines);
  }

  /** A text at a place of the axis. */
  public record Tick(double at, String text) {}

  /**
   * One line from point to point.
   *
   * @param dashed for what was computed and not measured
   */
  public record Line(String name, String colour, boolean dashed, List<Point> points) {
    public static final String BLUE = "#2b6cb0";
    public static final String GREEN = "#3a8f5c";
    public static final String ORANGE = "#d08a2e";
    public static final String GREY = "#6b7280";

    public Line {
      points = points.stream().filter(Point::isNumber).toList();
    }
  }

  /** A figure that is not a number is left out. */
  public record Point(double x, double y) {
    boolean isNumber() {
      return !Double.isNaN(x) && !Double.isNaN(y);
    }
  }

  double left() {
    return ticks.stream().mapToDouble(Tick::at).min().orElse(0);
  }

  double right() {
    return ticks.stream().mapToDouble(Tick::at).max().orElse(1);
  }

  double most() {
    return lines.stream()
        .flatMap(line -> line.points().stream())
        .mapToDouble(Point::y)
        .max()
        .orElse(1);
  }
}
