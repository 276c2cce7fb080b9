package dev.millrace.bench.growth;

import dev.millrace.bench.contestant.Contestant;
import dev.millrace.bench.contestant.GrowthPoint;
import dev.millrace.bench.row.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that the work is made larger by, step by step, and all else as it was.
 *
 * @param name what people ask for it by
 * @param what people read
 * @param unit what cost is told for
 * @param fault what happens to the last point, which is no step then; empty for nothing
 * @param points in ascending order
 * @param copied whether {@code psql \\copy} loads the same rows before each point: what it costs
 *     alone is the store's own growth
 * @param adds each point is so much more work as its name, a number, says
 */
public record Dimension(
    String name,
    String what,
    String unit,
    String fault,
    List<GrowthPoint> points,
    boolean copied,
    boolean adds) {
  private static final String PREFIX = "growth-";

  public Dimension {
    points = List.copyOf(points);
  }

  /** What its results are kept under. */
  public String scenarioName() {
    return PREFIX + name;
  }

  public Scenario scenario() {
    List<Contestant> all = new ArrayList<>();
    for (GrowthPoint point : points) {
      if (copied) {
        all.add(point.copied(copyOf(point.name())));
      }
      all.add(point);
    }
    return new Scenario(scenarioName(), all);
  }

  /** What the copying of a point's rows is called. */
  static String copyOf(String point) {
    return "copy " + point;
  }

  /** All that a round has when nothing of it is missing. */
  List<String> contestants() {
    return scenario().contestants().stream().map(Contestant::name).toList();
  }

  /** Those between which cost may grow. */
  List<String> steps() {
    return names().subList(0, points.size() - (fault.isEmpty() ? 0 : 1));
  }

  List<String> names() {
    return points.stream().map(GrowthPoint::name).toList();
  }
}
