package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * From a SQLSTATE to something a person can act on. The server's own words are left out wherever
 * they may quote a row: DETAIL always, the message of a trigger too.
 */
final class Problems {
  private final String where;
  private final String login;

  Problems(StoreSite site, String login) {
    this.where = "Postgres at " + site.host() + ":" + site.port() + "/" + site.database();
    this.login = login;
  }

  StoreProblem of(SQLException e) {
    String state = e.getSQLState() == null ? "08000" : e.getSQLState();
    return switch (state) {
      case "28P01", "28000" -> rejected(e);
      case "3D000" ->
          problem(
              "StoreLost",
              "the database is not there",
              "Restore it, or correct the store's 'database'.",
              false,
              e);
      case "42501" ->
          problem(
              "PermissionMissing",
              login + " may not do this: " + serverMessage(e),
              "Grant it; docs/external-stores.md lists what a writer needs.",
              false,
              e);
      case "53100" ->
          problem("StoreFull", "its disk is full", "Free or add space; then it goes on.", true, e);
      case "25006" ->
          problem(
              "StoreReadOnly",
              "it takes no writes now, as a standby does",
              "Point the store at the primary, or promote this server.",
              true,
              e);
      case "42P01", "3F000" ->
          problem(
              "StoreLost",
              "a table or schema that Millrace made is gone: " + serverMessage(e),
              "Restore it from a backup, or delete the subscription and ask again.",
              false,
              e);
      case "55P03" ->
          problem(
              "TableLocked",
              "someone else holds a lock on the table or on a row of it",
              "End the transaction that holds it; pg_locks and pg_stat_activity show which.",
              true,
              e);
      case "2BP01" ->
          problem(
              "SchemaRejected",
              "other things depend on what should go: " + dependents(e),
              "Drop or move them first.",
              false,
              e);
      default -> byClass(state, e);
    };
  }

  private StoreProblem byClass(String state, SQLException e) {
    return switch (state.substring(0, 2)) {
      case "08", "57" ->
          problem(
              "StoreUnavailable",
              "it cannot be reached (" + reachable(e) + ")",
              "Start it, or check address, port, TLS mode and firewall.",
              true,
              e);
      case "53" ->
          problem(
              "StoreUnavailable",
              "it lacks connections or memory (" + serverMessage(e) + ")",
              "Raise max_connections, or close what is not used.",
              true,
              e);
      case "40" ->
          problem(
              "StoreUnavailable",
              "a transaction was turned back for another one",
              "Nothing: it is tried again.",
              true,
              e);
      case "28" -> rejected(e);
      case "22", "23", "27", "42", "44", "54", "P0" -> schemaRejected(state, e);
      default ->
          problem(
              "StoreUnsuitable",
              "it refused with SQLSTATE " + state,
              "See the server's log at this time.",
              false,
              e);
    };
  }

  private StoreProblem rejected(SQLException e) {
    return problem(
        "CredentialsRejected",
        "the login '" + login + "' was refused (SQLSTATE " + e.getSQLState() + ")",
        "Correct user or password, and see that pg_hba.conf lets it in from here.",
        false,
        e);
  }

  private StoreProblem schemaRejected(String state, SQLException e) {
    String by =
        server(e)
            .map(message ->
                named("constraint", message.getConstraint())
                    + named("table", message.getTable())
                    + named("column", message.getColumn()))
            .orElse("");
    return problem(
        "SchemaRejected",
        "the table's own constraint, trigger or shape refused a change (SQLSTATE "
            + state
            + by
            + ")",
        "Change or drop what was added to the table; then it goes on.",
        false,
        e);
  }

  private static String named(String what, String name) {
    return name == null || name.isEmpty() ? "" : ", " + what + " " + name;
  }

  private static String reachable(SQLException e) {
    return "SQLSTATE " + e.getSQLState();
  }

  /** Names of objects and privileges, never a row. Only for states where that is so. */
  private static String serverMessage(SQLException e) {
    return server(e).map(ServerErrorMessage::getMessage).orElse("SQLSTATE " + e.getSQLState());
  }

  /** Which object is in the way. Only for states where no row is quoted. */
  static String named(SQLException e) {
    return serverMessage(e)
        + server(e)
            .map(ServerErrorMessage::getDetail)
            .map(detail -> ": " + detail.replace('\n', ' '))
            .orElse("");
  }

  private static String dependents(SQLException e) {
    return server(e)
        .map(message -> String.valueOf(message.getDetail()).replace('\n', ' '))
        .orElse("unknown");
  }

  private static Optional<ServerErrorMessage> server(SQLException e) {
    return e instanceof PSQLException postgres
        ? Optional.ofNullable(postgres.getServerErrorMessage())
        : Optional.empty();
  }

  /** For what was found out by looking, not by an error. */
  StoreProblem problem(String code, String what, String remedy) {
    return new StoreProblem(code, where + ": " + what, remedy, false);
  }

  /** The cause stays out: printed with its stack it would quote rows. */
  private StoreProblem problem(
      String code, String what, String remedy, boolean passing, SQLException cause) {
    return new StoreProblem(code, where + ": " + what, remedy, passing, new Refusal(cause));
  }

  /** The place in the code and the state of an SQLException without its words. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(SQLException refused) {
      super("SQLSTATE " + refused.getSQLState());
      setStackTrace(refused.getStackTrace());
    }
  }
}
