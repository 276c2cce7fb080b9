package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.sql.SQLException;

/** Whether a server can be used: its version, its settings, and what was granted. */
final class Probe {
  private static final int OLDEST = 140_000;

  private Probe() {}

  static void admin(StoreSite site) throws StoreProblem {
    try (Server server = Server.open(site)) {
      if (!server.truth("SELECT current_setting('server_version_num')::integer >= " + OLDEST)) {
        throw tooOld(server.problems());
      }
      if (!server.truth(
          "SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_roles"
              + " WHERE rolname = current_user")) {
        String admin = Quoting.identifier(site.admin().orElseThrow().username());
        throw server
            .problems()
            .problem(
                "PermissionMissing",
                admin + " may not make databases and roles",
                "Run as a superuser: ALTER ROLE " + admin + " CREATEDB CREATEROLE;");
      }
    }
  }

  /** Looks for exactly what docs/external-stores.md asks for in every case. */
  static void writer(Steward steward) throws SQLException, StoreProblem {
    Problems problems = steward.problems();
    if (!steward.truth("SELECT current_setting('server_version_num')::integer >= " + OLDEST)) {
      throw tooOld(problems);
    }
    if (steward.truth("SELECT current_setting('transaction_read_only')::boolean")) {
      throw problems.problem(
          "StoreReadOnly",
          "it takes no writes, as a standby does",
          "Point the store at the primary, or set default_transaction_read_only to off.");
    }
    if (!steward.truth("SELECT current_setting('server_encoding') = 'UTF8'")) {
      throw problems.problem(
          "StoreUnsuitable",
          "the database's encoding is not UTF8",
          "Make a database with ENCODING 'UTF8' TEMPLATE template0.");
    }
    rights(steward);
  }

  private static void rights(Steward steward) throws SQLException, StoreProblem {
    String database = Quoting.identifier(steward.site().database());
    Grants.require(
        steward,
        "SELECT has_database_privilege(current_database(), 'TEMPORARY')",
        steward.writer() + " may not make temporary tables",
        "GRANT TEMPORARY ON DATABASE " + database + " TO " + steward.writer());
    Grants.require(
        steward,
        """
        SELECT coalesce(
          (SELECT has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE')
           FROM pg_namespace WHERE nspname = 'millrace'),
          has_database_privilege(current_database(), 'CREATE'))\
        """,
        steward.writer() + " may not keep the cursors in a schema named millrace",
        "CREATE SCHEMA millrace AUTHORIZATION " + steward.writer());
  }

  private static StoreProblem tooOld(Problems problems) {
    return problems.problem(
        "StoreUnsuitable",
        "it is older than Postgres 14",
        "Upgrade it; every version that is still supported will do.");
  }
}
