package dev.millrace.standalone.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;

/** The catalog's own database, beside those of the stores. */
public final class CatalogDatabase {
  public static final String NAME = "millrace_catalog";

  private CatalogDatabase() {}

  public static String jdbcUrl(Server server) {
    return "jdbc:postgresql://" + server.address() + "/" + NAME;
  }

  /**
   * Makes it if it is not there.
   *
   * @throws StartFailed when the server is not reachable or does not permit it
   */
  public static void create(Server server) {
    Properties login = new Properties();
    login.setProperty("user", server.admin().username());
    login.setProperty("password", server.admin().password());
    login.setProperty("connectTimeout", "5");
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://" + server.address() + "/" + server.database(), login)) {
      if (!exists(connection)) {
        connection.createStatement().execute("CREATE DATABASE " + NAME);
      }
      // Readers of stores on the same server have no business in the journal.
      connection.createStatement().execute("REVOKE ALL ON DATABASE " + NAME + " FROM PUBLIC");
    } catch (SQLException e) {
      String place = "Postgres at " + server.address();
      boolean unreachable = e.getSQLState() != null && e.getSQLState().startsWith("08");
      throw new StartFailed(
          unreachable
              ? place
                  + " does not answer: look whether it runs, and whether --postgres names its"
                  + " address"
              : place
                  + " refuses ("
                  + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                  + "): the user of --postgres must be able to log in and to create databases and"
                  + " roles");
    }
  }

  private static boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
      query.setString(1, NAME);
      return query.executeQuery().next();
    }
  }
}
