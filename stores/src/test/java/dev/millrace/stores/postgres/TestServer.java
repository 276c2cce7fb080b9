package dev.millrace.stores.postgres;

import dev.millrace.embedded.EmbeddedPostgres;
import dev.millrace.stores.credentials.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One Postgres for all test classes of this JVM: an embedded one, or with {@code
 * -Dstores.postgres=PORT:PASSWORD} one of another version that is there, with a superuser millrace.
 */
final class TestServer {
  static final Credentials SUPERUSER;
  static final int PORT;

  static {
    String given = System.getProperty("stores.postgres");
    if (given == null) {
      EmbeddedPostgres postgres = start();
      PORT = postgres.port();
      SUPERUSER = new Credentials(EmbeddedPostgres.SUPERUSER, postgres.password());
    } else {
      PORT = Integer.parseInt(given.substring(0, given.indexOf(':')));
      SUPERUSER =
          new Credentials(EmbeddedPostgres.SUPERUSER, given.substring(given.indexOf(':') + 1));
    }
  }

  private TestServer() {}

  private static EmbeddedPostgres start() {
    try {
      Path directory = Files.createTempDirectory("stores-postgres");
      EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0);
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Connection connect(Credentials login, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + PORT + "/" + database, login.username(), login.password());
  }

  /** As the superuser. */
  static Connection connect(String database) throws SQLException {
    return connect(SUPERUSER, database);
  }

  static void run(String database, String... statements) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Every row as one line, columns separated by bars. */
  static List<String> lines(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> lines = new ArrayList<>();
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(row.getString(i));
        }
        lines.add(String.join("|", values));
      }
      return lines;
    }
  }

  /** The whole catalogue, and what Millrace keeps in each database, as far as it should last. */
  static List<String> inventory() throws SQLException {
    List<String> lines = new ArrayList<>(lines("postgres", SERVER));
    for (String database :
        lines(
            "postgres",
            "SELECT datname FROM pg_database WHERE datallowconn"
                + " AND NOT datistemplate ORDER BY 1")) {
      inventory(database).forEach(line -> lines.add(database + " " + line));
    }
    return lines;
  }

  /** That of one database. */
  static List<String> inventory(String database) throws SQLException {
    List<String> lines = new ArrayList<>(lines(database, DATABASE));
    if (lines(database, "SELECT to_regclass('millrace.cursor')").contains("millrace.cursor")) {
      lines.addAll(lines(database, BOOKKEEPING));
    }
    return lines;
  }

  // A right given and taken back leaves the default written out, which means the same.
  private static final String SERVER =
      """
      SELECT line FROM (
        SELECT 'database ' || datname || coalesce(datacl, acldefault('d', datdba))::text || ' ' || datdba::regrole
          || ' ' || coalesce(shobj_description(oid, 'pg_database'), '') AS line FROM pg_database
        UNION ALL
        SELECT 'role ' || rolname || rolsuper || rolcreatedb || rolcreaterole || rolcanlogin
          || coalesce(md5(rolpassword), '') || ' ' || coalesce(shobj_description(oid, 'pg_authid'), '')
          FROM pg_authid
        UNION ALL
        SELECT 'member ' || member::regrole || ' of ' || roleid::regrole FROM pg_auth_members
        UNION ALL
        SELECT 'setting ' || setdatabase || ' ' || setrole || setconfig::text FROM pg_db_role_setting
      ) all_of_it ORDER BY line\
      """;

  private static final String DATABASE =
      """
      SELECT line FROM (
        SELECT 'schema ' || nspname || ' ' || coalesce(nspacl, acldefault('n', nspowner))::text || ' ' || nspowner::regrole
          || ' ' || coalesce(obj_description(oid, 'pg_namespace'), '') AS line
          FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
        UNION ALL
        SELECT 'relation ' || c.oid::regclass || ' ' || c.relkind::text || ' ' || c.relowner::regrole
          || coalesce(c.relacl::text, '') || coalesce(obj_description(c.oid, 'pg_class'), '')
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        UNION ALL
        SELECT 'column ' || attrelid::regclass || ' ' || attnum || ' ' || attname || ' '
          || format_type(atttypid, atttypmod) || attnotnull
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND attnum > 0
        UNION ALL
        SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname !~ '^pg_'
        UNION ALL
        SELECT 'default rights ' || defaclrole::regrole || defaclacl::text FROM pg_default_acl
        UNION ALL
        SELECT 'large object ' || oid FROM pg_largeobject_metadata
      ) all_of_it ORDER BY line\
      """;

  private static final String BOOKKEEPING =
      """
      SELECT line FROM (
        SELECT 'subscription ' || s::text AS line FROM millrace.subscription s
        UNION ALL
        SELECT 'cursor ' || subscription || partition || ' ' || next_offset || definition || read
          FROM millrace.cursor
        UNION ALL
        SELECT 'dead letter ' || d::text FROM millrace.dead_letter d
      ) all_of_it ORDER BY line\
      """;
}
