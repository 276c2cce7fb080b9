package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreUnderTest;
import dev.millrace.stores.SwapContract;

class PostgresSwapTest extends SwapContract {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("swaps");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }
}
