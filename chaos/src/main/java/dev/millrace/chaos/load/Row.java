package dev.millrace.chaos.load;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * All that a store keeps of a key beside the key itself.
 *
 * @param again the version a second time, where a subscription asks for one column more
 */
public record Row(long version, BigDecimal total, String country, @Nullable Long again) {
  public Row {
    total = total.setScale(2);
  }

  public Row(long version, BigDecimal total, String country) {
    this(version, total, country, null);
  }

  public Row withAgain() {
    return new Row(version, total, country, version);
  }
}
