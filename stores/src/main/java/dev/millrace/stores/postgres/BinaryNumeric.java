package dev.millrace.stores.postgres;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The binary form of {@code numeric}: groups of four decimal digits, the weight of the first group,
 * the sign, and how many digits stand behind the point.
 */
final class BinaryNumeric {
  private static final BigInteger GROUP = BigInteger.valueOf(10_000);
  private static final int[] POWERS = {1, 10, 100, 1000};

  private BinaryNumeric() {}

  /**
   * @param value of a scale not below zero
   */
  static void write(BigDecimal value, CopyBuffer out) {
    int scale = value.scale();
    int padding = (4 - scale % 4) % 4;
    short[] groups = groups(value.unscaledValue().abs(), POWERS[padding]);
    int first = 0;
    while (first < groups.length && groups[first] == 0) {
      first++;
    }
    int end = groups.length;
    while (end > first && groups[end - 1] == 0) {
      end--;
    }
    int beforePoint = groups.length - (scale + padding) / 4;
    out.int32(8 + 2 * (end - first));
    out.int16(end - first);
    out.int16(first == end ? 0 : beforePoint - 1 - first);
    out.int16(value.signum() < 0 ? 0x4000 : 0);
    out.int16(scale);
    for (int i = first; i < end; i++) {
      out.int16(groups[i]);
    }
  }

  private static short[] groups(BigInteger unscaled, int padding) {
    return unscaled.bitLength() < 50
        ? ofLong(unscaled.longValue() * padding)
        : ofAny(unscaled.multiply(BigInteger.valueOf(padding)));
  }

  private static short[] ofLong(long rest) {
    short[] groups = new short[5];
    for (int i = 4; i >= 0; i--) {
      groups[i] = (short) (rest % 10_000);
      rest /= 10_000;
    }
    return groups;
  }

  private static short[] ofAny(BigInteger rest) {
    short[] groups = new short[rest.bitLength() / 13 + 1];
    for (int i = groups.length - 1; i >= 0; i--) {
      BigInteger[] split = rest.divideAndRemainder(GROUP);
      groups[i] = split[1].shortValue();
      rest = split[0];
    }
    return groups;
  }
}
