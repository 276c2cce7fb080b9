package dev.millrace.stores.postgres;

import dev.millrace.stores.AlterContract;
import dev.millrace.stores.StoreUnderTest;

class PostgresAlterTest extends AlterContract {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("alters");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }
}
