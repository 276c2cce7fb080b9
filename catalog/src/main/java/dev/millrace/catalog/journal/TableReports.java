package dev.millrace.catalog.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** In a table beside the journal: there after a restart. */
final class TableReports<T> implements LastReports<T> {
  private final DataSource database;
  private final String kind;
  private final Class<T> type;
  private final Map<ObjectKey, T> last = new ConcurrentHashMap<>();

  TableReports(DataSource database, String kind, Class<T> type) {
    this.database = database;
    this.kind = kind;
    this.type = type;
    load();
  }

  @Override
  public Optional<T> find(ObjectKey key) {
    return Optional.ofNullable(last.get(key));
  }

  @Override
  public void put(ObjectKey key, T report) {
    run(
        "insert into millrace_catalog.last_report (kind, key, report, at)"
            + " values (?, ?, ?::json, now()) on conflict (kind, key)"
            + " do update set report = excluded.report, at = excluded.at",
        kind,
        key.toString(),
        written(report));
    last.put(key, report);
  }

  @Override
  public void forget(ObjectKey key) {
    run(
        "delete from millrace_catalog.last_report where kind = ? and key = ?",
        kind,
        key.toString());
    last.remove(key);
  }

  private void load() {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select key, report from millrace_catalog.last_report where kind = ?")) {
      select.setString(1, kind);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          last.put(ObjectKey.parse(row.getString(1)), read(row.getString(2)));
        }
      }
    } catch (SQLException e) {
      throw TableJournal.unavailable(e);
    }
  }

  private void run(String sql, String... parameters) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw TableJournal.unavailable(e);
    }
  }

  private T read(String json) {
    try {
      return Json.LENIENT.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the last report of a " + kind + " cannot be read", e);
    }
  }

  private static String written(Object report) {
    try {
      return Json.STRICT.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
