package dev.millrace.bench.row;

import dev.millrace.bench.result.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a row stands, by all rounds of one commit.
 *
 * @param median of the rounds' values, as are the others
 */
public record Standing(
    Row row, String commit, int rounds, double median, double lowest, double highest) {

  /** By the commit that was measured last for this row; empty when none was. */
  public static Optional<Standing> of(Row row, List<Result> results) {
    List<Result> mine =
        results.stream()
            .filter(each -> each.scenario().equals(row.scenario()) && each.right())
            .sorted(Comparator.comparing(Result::at))
            .toList();
    for (int i = mine.size() - 1; i >= 0; i--) {
      String commit = mine.get(i).commit();
      List<Double> values =
          values(row, mine.stream().filter(each -> each.commit().equals(commit)).toList());
      if (!values.isEmpty()) {
        return Optional.of(
            new Standing(
                row,
                commit,
                values.size(),
                median(values),
                values.get(0),
                values.get(values.size() - 1)));
      }
    }
    return Optional.empty();
  }

  public boolean isMet() {
    return row.isMet(median);
  }

  /** 1 where the target is just met, more where there is room. */
  public static double room(Row row, double value) {
    return row.bound() == Row.Bound.AT_LEAST ? value / row.target() : row.target() / value;
  }

  /** In ascending order. */
  private static List<Double> values(Row row, List<Result> results) {
    Map<String, Map<String, Result>> rounds = new HashMap<>();
    for (Result each : results) {
      rounds
          .computeIfAbsent(each.session() + " " + each.round(), key -> new HashMap<>())
          .put(each.contestant(), each);
    }
    List<Double> values = new ArrayList<>();
    for (Map<String, Result> round : rounds.values()) {
      double value = row.value().applyAsDouble(round);
      if (!Double.isNaN(value)) {
        values.add(value);
      }
    }
    values.sort(Comparator.naturalOrder());
    return values;
  }

  /** Of values in ascending order. */
  static double median(List<Double> values) {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }
}
