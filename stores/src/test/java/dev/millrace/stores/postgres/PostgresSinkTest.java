package dev.millrace.stores.postgres;

import dev.millrace.stores.SinkContract;
import dev.millrace.stores.StoreUnderTest;

class PostgresSinkTest extends SinkContract {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("sinks");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }
}
