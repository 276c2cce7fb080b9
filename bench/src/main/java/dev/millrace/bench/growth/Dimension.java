package dev.millrace.bench.growth;

import dev.millrace.bench.contestant.GrowthPoint;
import dev.millrace.bench.row.Scenario;
import java.util.List;

/**
 * One thing that the work is made larger by, step by step, and all else as it was.
 *
 * @param name what people ask for it by
 * @param what people read
 * @param unit what cost is told for
 * @param fault what happens to the last point, which is no step then; empty for nothing
 * @param points in ascending order
 */
public record Dimension(
    String name, String what, String unit, String fault, List<GrowthPoint> points) {
  private static final String PREFIX = "growth-";

  public Dimension {
    points = List.copyOf(points);
  }

  /** What its results are kept under. */
  public String scenarioName() {
    return PREFIX + name;
  }

  public Scenario scenario() {
    return new Scenario(scenarioName(), List.copyOf(points));
  }

  /** Those between which cost may grow. */
  List<String> steps() {
    return names().subList(0, points.size() - (fault.isEmpty() ? 0 : 1));
  }

  List<String> names() {
    return points.stream().map(GrowthPoint::name).toList();
  }
}
