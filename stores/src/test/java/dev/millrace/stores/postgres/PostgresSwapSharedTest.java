package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreUnderTest;
import dev.millrace.stores.SwapContract;
import dev.millrace.stores.credentials.Credentials;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** As an admin who is no superuser. */
class PostgresSwapSharedTest extends SwapContract {
  private static final PostgresUnderTest STORE =
      new PostgresUnderTest("swaps_shared", new Credentials("swaps_admin", "admin-secret"));

  @BeforeAll
  static void makeAdmin() throws SQLException {
    TestServer.run(
        "postgres", "CREATE ROLE swaps_admin LOGIN CREATEDB CREATEROLE PASSWORD 'admin-secret'");
  }

  @AfterAll
  static void leave() throws Exception {
    STORE.driver().remove(STORE.site());
    TestServer.run("postgres", "DROP ROLE swaps_admin");
  }

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }
}
