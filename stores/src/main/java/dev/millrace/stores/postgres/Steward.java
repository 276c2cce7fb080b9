package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * One transaction that provisions, so that after a crash all of it is there or none. It runs as the
 * store's admin, who takes on the writer's role for whatever the writer is to own; where there is
 * no admin, the writer does both parts with what it was granted. Stewards of one database work one
 * after the other.
 */
final class Steward implements AutoCloseable {
  private static final long LOCK = 0x6d696c6c72616365L;

  private final Connection connection;
  private final StoreSite site;
  private final Problems problems;

  private Steward(Connection connection, StoreSite site, Problems problems) {
    this.connection = connection;
    this.site = site;
    this.problems = problems;
  }

  static Steward begin(StoreSite site) throws StoreProblem {
    Credentials login = site.admin().orElse(site.writer());
    Problems problems = new Problems(site, login.username());
    try {
      Connection connection =
          Connections.open(
              site, login, site.database(), Connections.Purpose.PROVISION, "controller");
      try {
        connection.setAutoCommit(false);
        Steward steward = new Steward(connection, site, problems);
        steward.run("SELECT pg_advisory_xact_lock(" + LOCK + ")");
        return steward;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  interface Work {
    void run(Steward steward) throws SQLException, StoreProblem;
  }

  /** Begins, works, commits. */
  static void transaction(StoreSite site, Work work) throws StoreProblem {
    try (Steward steward = begin(site)) {
      try {
        work.run(steward);
        steward.connection.commit();
      } catch (SQLException e) {
        throw steward.problems.of(e);
      }
    }
  }

  StoreSite site() {
    return site;
  }

  String writer() {
    return Quoting.identifier(site.writer().username());
  }

  Problems problems() {
    return problems;
  }

  Connection connection() {
    return connection;
  }

  /**
   * For what changes a table that others use: whoever else wants it waits behind this for no longer
   * than that. And no crash takes it back.
   */
  void patience() throws SQLException {
    run("SET LOCAL lock_timeout = '2s'");
    run("SET LOCAL synchronous_commit = on");
  }

  void asWriter() throws SQLException {
    if (site.admin().isPresent()) {
      run("SET LOCAL ROLE " + writer());
    }
  }

  void asAdmin() throws SQLException {
    run("SET LOCAL ROLE NONE");
  }

  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  int update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepared(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  boolean truth(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepared(sql, parameters);
        ResultSet row = statement.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  Optional<String> text(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepared(sql, parameters);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
    }
  }

  private PreparedStatement prepared(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setString(i + 1, parameters[i].toString());
    }
    return statement;
  }

  /** Turns back what was not committed. */
  @Override
  public void close() throws StoreProblem {
    try {
      connection.close();
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }
}
