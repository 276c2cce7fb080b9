package dev.millrace.standalone.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes what the stores must hold from the source files and the live events, in SQL and with
 * DuckDB: nothing of the code that filled the stores takes part. Its tables live in a directory of
 * its own, so that memory stays bounded.
 */
final class Oracle implements AutoCloseable {
  private static final String MEMORY = "256MB";

  private final Connection connection;

  /**
   * @param work an empty directory for scratch files
   */
  Oracle(Path work) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:" + work.resolve("oracle.duckdb"));
    execute("SET memory_limit = '" + MEMORY + "'");
    execute("SET threads = 1");
    execute("SET preserve_insertion_order = false");
    execute("SET temp_directory = " + literal(work.resolve("spill")));
  }

  /**
   * @param product whose events {@code demo/PRODUCT.sql} reads
   * @param source its source file
   * @param live its live events, one JSON object a line: n, key and, unless deleted, value
   */
  void learn(String product, Path source, Path live) throws SQLException {
    execute(
        Resources.text(product + ".sql")
            .replace("'${source}'", literal(source))
            .replace("'${live}'", literal(live)));
  }

  /** Computes what the subscription must hold; its columns in order. */
  List<Column> expect(Subscription subscription) throws SQLException {
    execute("CREATE OR REPLACE TABLE expected AS " + subscription.expectation());
    execute("CREATE OR REPLACE TABLE actual AS SELECT * FROM expected LIMIT 0");
    List<Column> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("DESCRIBE expected")) {
      while (row.next()) {
        columns.add(new Column(row.getString("column_name"), row.getString("column_type")));
      }
    }
    return columns;
  }

  /**
   * Compares with what {@link #expect} computed last.
   *
   * @param csv the rows that are there, columns in the order given by {@link #expect}; {@code \N}
   *     is null
   */
  Verdict compare(Subscription subscription, Path csv) throws SQLException {
    execute(
        "COPY actual FROM "
            + literal(csv)
            + " (FORMAT csv, HEADER false, AUTO_DETECT false, DELIMITER ',', QUOTE '\"',"
            + " ESCAPE '\"', NULLSTR '\\N', ALLOW_QUOTED_NULLS false)");
    execute("CREATE OR REPLACE TABLE lacking AS FROM expected EXCEPT FROM actual");
    execute("CREATE OR REPLACE TABLE surplus AS FROM actual EXCEPT FROM expected");
    String key = '"' + subscription.keyColumn() + '"';
    long actual = number("SELECT count(*) FROM actual");
    long twice = actual - number("SELECT count(*) FROM (SELECT DISTINCT * FROM actual)");
    long different = number("SELECT count(*) FROM lacking SEMI JOIN surplus USING (" + key + ")");
    return new Verdict(
        subscription.key().toString(),
        number("SELECT count(*) FROM expected"),
        actual,
        number("SELECT count(*) FROM lacking ANTI JOIN surplus USING (" + key + ")"),
        number("SELECT count(*) FROM surplus ANTI JOIN lacking USING (" + key + ")") + twice,
        different,
        examples(key));
  }

  private List<String> examples(String key) throws SQLException {
    List<String> keys = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                ("SELECT DISTINCT CAST(%s AS VARCHAR) AS k FROM (SELECT %s FROM lacking UNION ALL"
                        + " SELECT %s FROM surplus) ORDER BY k LIMIT 5")
                    .formatted(key, key, key))) {
      while (row.next()) {
        keys.add(row.getString(1));
      }
    }
    return keys;
  }

  private long number(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String literal(Path path) {
    return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
