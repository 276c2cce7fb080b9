package dev.millrace.standalone.demo;

import dev.millrace.api.store.Binding;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/** Tables, by {@code COPY … TO STDOUT}. */
final class PostgresReader implements Reader {

  @Override
  public void dump(Subscription subscription, Binding binding, List<Column> columns, Path csv)
      throws IOException, SQLException {
    Properties login = new Properties();
    login.setProperty("user", binding.username());
    login.setProperty("password", String.valueOf(binding.password()));
    try (Connection connection =
            DriverManager.getConnection(String.valueOf(binding.jdbcUrl()), login);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(csv), 1 << 18)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET TIME ZONE 'UTC'");
      }
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "COPY (SELECT %s FROM %s) TO STDOUT (FORMAT csv, NULL '%s')"
                  .formatted(list(columns), quoted(binding.relation()), NULL),
              out);
    }
  }

  /** Times without their zone, which is UTC: DuckDB would want an extension for zones. */
  private static String list(List<Column> columns) {
    return columns.stream()
        .map(c -> c.isTimestamp() ? c.quoted() + " AT TIME ZONE 'UTC'" : c.quoted())
        .collect(Collectors.joining(", "));
  }

  private static String quoted(String relation) {
    int dot = relation.indexOf('.');
    return '"' + relation.substring(0, dot) + "\".\"" + relation.substring(dot + 1) + '"';
  }
}
