package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreProblem;
import java.sql.SQLException;

/**
 * Gives rights, where they are not there yet. Postgres only warns when someone grants what is not
 * his to grant, so each is looked for again afterwards.
 */
final class Grants {
  private static final String DATABASE = "SELECT has_database_privilege(?, current_database(), ?)";
  private static final String SCHEMA = "SELECT has_schema_privilege(?, ?, ?)";
  private static final String TABLE = "SELECT has_table_privilege(?, ?, ?)";

  private final Steward steward;
  private final String to;

  Grants(Steward steward, String to) {
    this.steward = steward;
    this.to = to;
  }

  /**
   * @param privilege CONNECT, CREATE or TEMPORARY
   * @return whether it had to be given
   */
  boolean onDatabase(String privilege) throws SQLException, StoreProblem {
    return ensure(
        privilege + " ON DATABASE " + Quoting.identifier(steward.site().database()),
        DATABASE,
        to,
        privilege);
  }

  /**
   * @param privilege USAGE or CREATE
   */
  boolean onSchema(String privilege, String schema) throws SQLException, StoreProblem {
    return ensure(
        privilege + " ON SCHEMA " + Quoting.identifier(schema), SCHEMA, to, schema, privilege);
  }

  boolean onTable(TableShape table) throws SQLException, StoreProblem {
    return ensure("SELECT ON TABLE " + table.quoted(), TABLE, to, table.quoted(), "SELECT");
  }

  private boolean ensure(String what, String check, Object... parameters)
      throws SQLException, StoreProblem {
    if (steward.truth(check, parameters)) {
      return false;
    }
    String grant = "GRANT " + what + " TO " + Quoting.identifier(to);
    boolean tried = attempt(grant);
    if (!tried || !steward.truth(check, parameters)) {
      throw missing(steward, to + " lacks a right that only another can give", grant);
    }
    return true;
  }

  /** False when it was refused; then the transaction is over. */
  private boolean attempt(String grant) throws SQLException {
    try {
      steward.run(grant);
      return true;
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** Looks for a right before it is needed, so that its lack can be said as a statement to run. */
  static void require(Steward steward, String check, String lack, String statement)
      throws SQLException, StoreProblem {
    if (!steward.truth(check)) {
      throw missing(steward, lack, statement);
    }
  }

  private static StoreProblem missing(Steward steward, String what, String statement) {
    return steward
        .problems()
        .problem("PermissionMissing", what, "Run as the owner or a superuser: " + statement + ";");
  }
}
