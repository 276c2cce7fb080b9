package dev.millrace.standalone.process;

import dev.millrace.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the catalogue of a Postgres server says, without the rows of tables. */
final class Inventory {
  private static final String SERVER =
      """
      SELECT 'database ' || datname || ' ' || datdba::regrole
          || coalesce(datacl, acldefault('d', datdba))::text FROM pg_database
      UNION ALL
      SELECT 'role ' || (to_jsonb(r) - 'oid')::text FROM pg_roles r
      UNION ALL
      SELECT 'member ' || member::regrole || ' of ' || roleid::regrole FROM pg_auth_members
      UNION ALL
      SELECT 'setting ' || setdatabase || setrole || setconfig::text FROM pg_db_role_setting
      UNION ALL
      SELECT 'parameter ' || name || ' ' || setting FROM pg_settings WHERE source = 'configuration file'
      """;

  // A right that was given and taken back leaves the default written out, which means the same.
  private static final String DATABASE =
      """
      SELECT 'schema ' || nspname || '. ' || nspowner::regrole
          || coalesce(nspacl, acldefault('n', nspowner))::text
        FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
      UNION ALL
      SELECT 'relation ' || oid::regclass || ' ' || relkind::text || relowner::regrole
          || coalesce(relacl, acldefault('r', relowner))::text
          || coalesce(obj_description(oid, 'pg_class'), '')
        FROM pg_class WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
      UNION ALL
      SELECT 'function ' || oid::regprocedure FROM pg_proc
        WHERE pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
      UNION ALL
      SELECT 'type ' || oid::regtype FROM pg_type
        WHERE typnamespace::regnamespace::text !~ '^(pg_|information_schema)'
      UNION ALL
      SELECT 'extension ' || extname FROM pg_extension
      UNION ALL
      SELECT 'publication ' || pubname FROM pg_publication
      UNION ALL
      SELECT 'event trigger ' || evtname FROM pg_event_trigger
      """;

  private Inventory() {}

  static SortedSet<String> of(EmbeddedPostgres postgres) throws SQLException {
    SortedSet<String> lines = new TreeSet<>();
    read(postgres, "postgres", SERVER, lines);
    read(postgres, "warehouse", DATABASE, lines);
    return lines;
  }

  private static void read(
      EmbeddedPostgres postgres, String database, String sql, SortedSet<String> into)
      throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                // So that names are written with their schemas.
                postgres.jdbcUrl(database) + "?currentSchema=pg_catalog",
                EmbeddedPostgres.SUPERUSER,
                postgres.password());
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      while (row.next()) {
        into.add(row.getString(1));
      }
    }
  }
}
