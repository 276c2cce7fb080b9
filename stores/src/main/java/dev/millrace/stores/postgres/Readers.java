package dev.millrace.stores.postgres;

import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import java.sql.SQLException;
import org.postgresql.util.PasswordUtil;

/** The roles that read: made, given a new password, taken away. As the admin. */
final class Readers {
  private final Steward steward;

  Readers(Steward steward) {
    this.steward = steward;
  }

  static String name(Reader reader) {
    return switch (reader) {
      case Reader.Made made -> made.login().username();
      case Reader.Brought brought -> brought.username();
      case Reader.None nobody -> "";
    };
  }

  /** A role of that name that is there already is someone else's: ours come and go with a row. */
  void make(Credentials login) throws SQLException, StoreProblem {
    mayMakeRoles();
    if (exists(login.username())) {
      throw steward
          .problems()
          .problem(
              "ReaderTaken",
              "there is a role " + login.username() + " that Millrace did not make",
              "Drop it or rename it; Millrace will not take it over.");
    }
    steward.run(
        "CREATE ROLE "
            + Quoting.identifier(login.username())
            + " LOGIN PASSWORD "
            + Quoting.literal(verifier(login.password())));
  }

  void requireBrought(String username) throws SQLException, StoreProblem {
    if (!exists(username)) {
      throw steward
          .problems()
          .problem(
              "ReaderMissing",
              "the role " + username + " that was brought for reading is not there",
              "Run: CREATE ROLE " + Quoting.identifier(username) + " LOGIN;");
    }
  }

  void changePassword(Credentials login) throws SQLException {
    steward.run(
        "ALTER ROLE "
            + Quoting.identifier(login.username())
            + " PASSWORD "
            + Quoting.literal(verifier(login.password())));
    endSessions(login.username());
  }

  /**
   * What it was granted goes with it, whoever granted it; what it may have made in the meantime is
   * kept, in the name of the writer: a function that runs as its owner must not become an admin's.
   */
  void drop(String username) throws SQLException {
    if (exists(username)) {
      endSessions(username);
      String role = Quoting.identifier(username);
      steward.run("GRANT " + role + " TO CURRENT_USER");
      steward.run("REASSIGN OWNED BY " + role + " TO " + steward.writer());
      steward.run("DROP OWNED BY " + role);
      steward.run("DROP ROLE " + role);
    }
  }

  /** Only a member of a role may end its sessions, so this one is a member for so long. */
  void endSessions(String username) throws SQLException {
    if (!exists(username)) {
      return;
    }
    String role = Quoting.identifier(username);
    steward.run("GRANT " + role + " TO CURRENT_USER");
    steward.truth(
        "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity WHERE usename = ?",
        username);
    steward.run("REVOKE " + role + " FROM CURRENT_USER");
  }

  private boolean exists(String username) throws SQLException {
    return steward.truth("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ?)", username);
  }

  private void mayMakeRoles() throws SQLException, StoreProblem {
    String writer = steward.writer();
    Grants.require(
        steward,
        "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user",
        writer + " may not make the role that reads, and none was brought",
        "ALTER ROLE " + writer + " CREATEROLE; or bring a reader in the store's connection");
  }

  /**
   * What the server keeps of a password. Made here, so that the password itself is never in a
   * statement and never in the server's log.
   */
  static String verifier(String password) {
    return PasswordUtil.encodeScramSha256(password.toCharArray());
  }
}
