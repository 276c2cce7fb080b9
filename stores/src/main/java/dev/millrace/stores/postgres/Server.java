package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A server as its admin sees it, outside of any store's database. Only one works at a time, of all
 * controllers.
 */
final class Server implements AutoCloseable {
  private static final String DATABASE = "postgres";
  private static final long LOCK = 0x6d696c6c72616365L;

  /** What belongs to the server and can bear a comment. */
  enum Kind {
    DATABASE("pg_database", "pg_database", "datname"),
    ROLE("pg_authid", "pg_roles", "rolname");

    private final String catalog;
    private final String view;
    private final String column;

    Kind(String catalog, String view, String column) {
      this.catalog = catalog;
      this.view = view;
      this.column = column;
    }
  }

  private final Connection connection;
  private final Problems problems;

  private Server(Connection connection, Problems problems) {
    this.connection = connection;
    this.problems = problems;
  }

  static Server open(StoreSite site) throws StoreProblem {
    Credentials admin = site.admin().orElseThrow();
    Problems problems = new Problems(site, admin.username());
    try {
      Server server =
          new Server(
              Connections.open(site, admin, DATABASE, Connections.Purpose.PROVISION, "controller"),
              problems);
      try {
        server.run("SELECT pg_advisory_lock(" + LOCK + ")");
      } catch (StoreProblem e) {
        server.close();
        throw e;
      }
      return server;
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  Problems problems() {
    return problems;
  }

  void run(String sql) throws StoreProblem {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  boolean has(Kind kind, String name) throws StoreProblem {
    return truth(
        "SELECT EXISTS (SELECT FROM " + kind.view + " WHERE " + kind.column + " = ?)", name);
  }

  boolean isMarked(Kind kind, String name, String mark) throws StoreProblem {
    return truth(
        "SELECT shobj_description(oid, '%s') = ? FROM %s WHERE %s = ?"
            .formatted(kind.catalog, kind.view, kind.column),
        mark,
        name);
  }

  boolean truth(String sql, String... parameters) throws StoreProblem {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  @Override
  public void close() throws StoreProblem {
    try {
      connection.close();
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }
}
