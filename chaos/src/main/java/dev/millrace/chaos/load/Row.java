package dev.millrace.chaos.load;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/**
 * All that a store keeps of a key beside the key itself.
 *
 * @param more by column, numbers that only some subscriptions have; none where there is null
 */
public record Row(long version, BigDecimal total, String country, Map<String, Long> more) {
  public Row {
    total = total.setScale(2);
    more = Map.copyOf(more);
  }

  public Row(long version, BigDecimal total, String country) {
    this(version, total, country, Map.of());
  }

  public Row with(Map<String, Long> columns) {
    Map<String, Long> all = new HashMap<>(more);
    all.putAll(columns);
    return new Row(version, total, country, all);
  }
}
