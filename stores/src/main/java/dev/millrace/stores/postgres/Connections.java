package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;

/** Opens sessions. Each kind of session has its own patience. */
final class Connections {

  /** What a session is for. */
  enum Purpose {
    /**
     * Loses at most a tail that the log still has, so it need not wait for the disk. Its statements
     * are planned once, maybe while the table is empty, and must not read it whole ever after. Not
     * long for a lock: others wait with it.
     */
    WRITE(
        """
        SET synchronous_commit = off;
        SET statement_timeout = '60s';
        SET lock_timeout = '2s';
        SET idle_in_transaction_session_timeout = '60s';
        SET plan_cache_mode = force_generic_plan;
        SET enable_hashjoin = off;
        SET enable_mergejoin = off;
        SET enable_seqscan = off;
        """),
    PROVISION("SET statement_timeout = '120s'; SET lock_timeout = '5s';"),
    READ("SET statement_timeout = '30s'; SET lock_timeout = '5s';");

    private final String settings;

    Purpose(String settings) {
      this.settings = settings;
    }
  }

  private Connections() {}

  static Connection open(
      StoreSite site, Credentials login, String database, Purpose purpose, String name)
      throws SQLException {
    Connection connection =
        new Driver().connect(url(site, database), properties(site, login, name));
    if (connection == null) {
      throw new SQLException("not an address of Postgres", "08001");
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'; SET jit = off; " + purpose.settings);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static String url(StoreSite site, String database) {
    String host = site.host().contains(":") ? "[" + site.host() + "]" : site.host();
    return "jdbc:postgresql://"
        + host
        + ":"
        + site.port()
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  private static Properties properties(StoreSite site, Credentials login, String name) {
    Properties properties = new Properties();
    properties.setProperty("user", login.username());
    properties.setProperty("password", login.password());
    properties.setProperty("ApplicationName", printable("millrace/" + name));
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    // Longer than any statement may take, so that only a dead peer runs into it.
    properties.setProperty("socketTimeout", "150");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("stringtype", "unspecified");
    properties.setProperty("assumeMinServerVersion", "14");
    properties.setProperty("sslmode", site.tls());
    if (site.tls().equals("verify-full")) {
      // The JVM's trust store; the default would look for a file in the home directory.
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    return properties;
  }

  /** The server cuts at 63 bytes and replaces the rest itself, but logs a complaint. */
  private static String printable(String name) {
    String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.substring(0, Math.min(63, plain.length()));
  }
}
