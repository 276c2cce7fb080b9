package dev.millrace.catalog.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.problem.Refusal;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * The table that only grows. Each version of a stream is taken once: of two decisions made on the
 * same state one is kept and the other refused.
 */
@DefaultBean
@Singleton
final class TableJournal implements Journal {
  private static final Logger LOG = Logger.getLogger(TableJournal.class);
  private static final String UNIQUE_VIOLATION = "23505";
  private static final long LONGEST_WAIT_SECONDS = 10;
  private static final String COLUMNS =
      "select position, kind, key, version, type, payload, actor, at from millrace_catalog.journal ";

  private final DataSource database;
  private final ReentrantLock turn = new ReentrantLock();

  @Inject
  TableJournal(DataSource database) {
    this.database = database;
  }

  @Override
  public <T> T inTurn(Supplier<T> decision) {
    if (!isMyTurn()) {
      throw busy();
    }
    try {
      return decision.get();
    } finally {
      turn.unlock();
    }
  }

  private boolean isMyTurn() {
    try {
      return turn.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public List<Entry> append(
      String kind, ObjectKey key, long after, List<Fact> facts, String actor) {
    Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        List<Entry> entries = insert(connection, kind, key, after, facts, actor, now);
        connection.commit();
        return entries;
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw ChangedMeanwhile.of(key);
      }
      throw unavailable(e);
    }
  }

  private static List<Entry> insert(
      Connection connection,
      String kind,
      ObjectKey key,
      long after,
      List<Fact> facts,
      String actor,
      Instant now)
      throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into millrace_catalog.journal (kind, key, version, type, payload, actor, at)"
                + " values (?, ?, ?, ?, ?::json, ?, ?) returning position")) {
      for (Fact fact : facts) {
        long version = after + entries.size() + 1;
        insert.setString(1, kind);
        insert.setString(2, key.toString());
        insert.setLong(3, version);
        insert.setString(4, fact.type());
        insert.setString(5, fact.payload().toString());
        insert.setString(6, actor);
        insert.setObject(7, now.atOffset(ZoneOffset.UTC));
        try (ResultSet row = insert.executeQuery()) {
          row.next();
          entries.add(
              new Entry(
                  row.getLong(1), kind, key, version, fact.type(), fact.payload(), actor, now));
        }
      }
    }
    return entries;
  }

  @Override
  public List<Entry> ofKind(String kind) {
    return read(COLUMNS + "where kind = ? order by position", kind);
  }

  @Override
  public List<Entry> since(String kind, ObjectKey key, long version) {
    return read(
        COLUMNS + "where kind = ? and key = ? and version > ? order by version",
        kind,
        key.toString(),
        version);
  }

  @Override
  public List<Entry> page(String kind, ObjectKey key, long after, int limit) {
    return read(
        COLUMNS + "where kind = ? and key = ? and version > ? order by version limit ?",
        kind,
        key.toString(),
        after,
        limit);
  }

  @Override
  public <T> LastReports<T> reports(String kind, Class<T> type) {
    return new TableReports<>(database, kind, type);
  }

  @Override
  public long length() {
    try (Connection connection = database.getConnection();
        PreparedStatement count =
            connection.prepareStatement("select count(*) from millrace_catalog.journal");
        ResultSet row = count.executeQuery()) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private List<Entry> read(String sql, Object... parameters) {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setObject(i + 1, parameters[i]);
      }
      List<Entry> entries = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          entries.add(entry(rows));
        }
      }
      return entries;
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static Entry entry(ResultSet row) throws SQLException {
    try {
      return new Entry(
          row.getLong("position"),
          row.getString("kind"),
          ObjectKey.parse(row.getString("key")),
          row.getLong("version"),
          row.getString("type"),
          Json.LENIENT.readTree(row.getString("payload")),
          row.getString("actor"),
          row.getObject("at", OffsetDateTime.class).toInstant());
    } catch (JsonProcessingException e) {
      throw new SQLException("a journal entry is no JSON", e);
    }
  }

  static Refusal unavailable(SQLException e) {
    LOG.errorf("journal unavailable state=%s: %s", e.getSQLState(), e.getMessage());
    return unavailable();
  }

  private static Refusal busy() {
    LOG.errorf("journal unavailable: another decision has waited for it for too long");
    return unavailable();
  }

  private static Refusal unavailable() {
    return new Refusal(
        503,
        "JournalUnavailable",
        "the catalog's database does not answer",
        "Try again shortly. Whoever runs the platform finds the reason in its log.");
  }
}
