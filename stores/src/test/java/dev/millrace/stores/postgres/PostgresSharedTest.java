package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreDriverContract;
import dev.millrace.stores.StoreUnderTest;
import dev.millrace.stores.credentials.Credentials;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;

/** The same promises where the admin is no superuser, but may make databases and roles. */
class PostgresSharedTest extends StoreDriverContract {
  private static final Credentials ADMIN = new Credentials("platform", "platform-secret");
  private static final PostgresUnderTest STORE = new PostgresUnderTest("shared", ADMIN);

  @BeforeAll
  static void makeAdmin() throws SQLException {
    TestServer.run(
        "postgres", "CREATE ROLE platform LOGIN CREATEDB CREATEROLE PASSWORD 'platform-secret'");
  }

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }
}
