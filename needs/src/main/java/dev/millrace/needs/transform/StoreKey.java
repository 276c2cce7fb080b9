package dev.millrace.needs.transform;

import java.util.Arrays;
import java.util.List;

/**
 * The values of the key columns, in the order of the plan. Two record keys never give the same
 * StoreKey: a tombstone carries nothing else.
 */
public final class StoreKey {
  private final Object[] values;

  public StoreKey(Object... values) {
    this.values = values.clone();
  }

  public List<Object> values() {
    return List.of(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoreKey that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }
}
