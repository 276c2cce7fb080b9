package dev.millrace.chaos.load;

import java.math.BigDecimal;

/** All that a store keeps of a key beside the key itself. */
public record Row(long version, BigDecimal total, String country) {
  public Row {
    total = total.setScale(2);
  }
}
