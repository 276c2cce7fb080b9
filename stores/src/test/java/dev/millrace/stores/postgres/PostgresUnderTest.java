package dev.millrace.stores.postgres;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.StoreUnderTest;
import dev.millrace.stores.credentials.Credentials;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A database of its own name on the shared server, made by the driver as the superuser. */
final class PostgresUnderTest implements StoreUnderTest {
  private final StoreDriver driver = new PostgresDriver();
  private final String name;
  private final Credentials admin;

  PostgresUnderTest(String name) {
    this(name, TestServer.SUPERUSER);
  }

  PostgresUnderTest(String name, Credentials admin) {
    this.name = name;
    this.admin = admin;
  }

  @Override
  public StoreDriver driver() {
    return driver;
  }

  @Override
  public StoreSite site() {
    return site(name);
  }

  @Override
  public StoreSite anotherSite() {
    return site(name + "_another");
  }

  private StoreSite site(String name) {
    return new StoreSite(
        new ObjectKey("sales", name),
        "Postgres",
        "127.0.0.1",
        TestServer.PORT,
        name,
        "disable",
        Optional.of(admin),
        new Credentials(name + "_writer", "writer's \"secret\" \\ $$"));
  }

  @Override
  public PlanBuilder plan(String subscription) {
    return new PlanBuilder(subscription, target(subscription));
  }

  @Override
  public PipelinePlan.Target target(String subscription) {
    return target(subscription, "public", List.of());
  }

  PipelinePlan.Target target(String table, String schema, List<List<String>> indexes) {
    StoreSite site = site();
    return new PipelinePlan.Target(
        "Postgres",
        site.store(),
        site.host(),
        site.port(),
        site.database(),
        site.tls(),
        "writer/" + site.store(),
        new PipelinePlan.Table(schema, table, indexes),
        null);
  }

  @Override
  public PipelinePlan.Target shadowTarget(PipelinePlan live) {
    return target("rebuild_" + TableStatements.digest(live.uid()), "millrace", indexes(live));
  }

  private static List<List<String>> indexes(PipelinePlan plan) {
    return plan.target().table().indexes();
  }

  @Override
  public Watcher watcher(PipelinePlan plan, List<String> ids) throws SQLException {
    Connection connection = connect(site().writer());
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    return new Watcher() {
      @Override
      public Moment look(boolean cursorsFirst) throws SQLException {
        try {
          List<Cursor> before = cursorsFirst ? cursors() : List.of();
          List<Map<String, String>> rows = new ArrayList<>();
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery("SELECT * FROM " + TableShape.of(plan).quoted())) {
            while (row.next()) {
              rows.add(row(row));
            }
          }
          List<Cursor> cursors = cursorsFirst ? before : cursors();
          Map<Integer, Long> at = new TreeMap<>();
          cursors.forEach(cursor -> at.put(cursor.partition(), cursor.nextOffset()));
          return new Moment(cursors.get(0).definition(), at, rows);
        } finally {
          connection.rollback();
        }
      }

      private List<Cursor> cursors() throws SQLException {
        return new Cursors(connection, plan.uid()).all();
      }

      @Override
      public void close() throws SQLException {
        connection.close();
      }
    };
  }

  @Override
  public List<Map<String, String>> rowsAs(Credentials login, PipelinePlan plan)
      throws SQLException {
    try (Connection connection = connect(login);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM " + TableShape.of(plan).quoted())) {
      List<Map<String, String>> rows = new ArrayList<>();
      while (row.next()) {
        rows.add(row(row));
      }
      return rows;
    }
  }

  private static Map<String, String> row(ResultSet row) throws SQLException {
    Map<String, String> values = new HashMap<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      String text = text(row, i);
      if (text != null) {
        values.put(row.getMetaData().getColumnName(i), text);
      }
    }
    return values;
  }

  private static String text(ResultSet row, int at) throws SQLException {
    return switch (row.getMetaData().getColumnTypeName(at)) {
      case "timestamptz" -> {
        OffsetDateTime time = row.getObject(at, OffsetDateTime.class);
        yield time == null ? null : time.toInstant().toString();
      }
      case "bool" -> {
        boolean truth = row.getBoolean(at);
        yield row.wasNull() ? null : Boolean.toString(truth);
      }
      default -> row.getString(at);
    };
  }

  @Override
  public void writeAs(Credentials login, PipelinePlan plan) throws SQLException {
    TableShape table = TableShape.of(plan);
    try (Connection connection = connect(login);
        Statement statement = connection.createStatement()) {
      String column = table.columns().get(0).quoted();
      statement.execute("UPDATE " + table.quoted() + " SET " + column + " = " + column);
    }
  }

  Connection connect(Credentials login) throws SQLException {
    return TestServer.connect(login, site().database());
  }

  @Override
  public void cutConnections() throws SQLException {
    TestServer.run(
        "postgres",
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = "
            + Quoting.literal(site().writer().username()));
  }

  @Override
  public List<String> inventory() throws SQLException {
    return TestServer.inventory();
  }
}
