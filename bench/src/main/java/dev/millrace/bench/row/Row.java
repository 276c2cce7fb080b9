package dev.millrace.bench.row;

import dev.millrace.bench.result.Result;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One line of the table of targets.
 *
 * @param what people read
 * @param baseline what it is held against; empty when the target is no ratio
 * @param value from the results of one round, by contestant; not a number when one is missing
 * @param unit empty for a ratio
 */
public record Row(
    String name,
    String scenario,
    String what,
    String baseline,
    ToDoubleFunction<Map<String, Result>> value,
    Bound bound,
    double target,
    String unit) {

  /** Whether more or less is better. */
  public enum Bound {
    AT_LEAST("≥"),
    AT_MOST("≤");

    private final String sign;

    Bound(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }
  }

  public boolean isMet(double value) {
    return bound == Bound.AT_LEAST ? value >= target : value <= target;
  }
}
