package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreDriverContract;
import dev.millrace.stores.StoreUnderTest;

class PostgresDriverTest extends StoreDriverContract {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("drivers");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }
}
