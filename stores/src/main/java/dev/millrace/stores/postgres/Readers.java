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
      throw taken(login.username());
    }
    steward.run(
        "CREATE ROLE "
            + Quoting.identifier(login.username())
            + " LOGIN PASSWORD "
            + Quoting.literal(verifier(login.password())));
  }

  private StoreProblem taken(String username) {
    return steward
        .problems()
        .problem(
            "ReaderTaken",
            "there is a role " + username + " that Millrace did not make",
            "Drop it or rename it; Millrace will not take it over.");
  }

  /**
   * As a member of the first, so that it may whatever that may, also what it is granted later; but
   * not, where Postgres knows the difference (16), become the first and change its password.
   */
  void makeSecond(Credentials login, String first) throws SQLException, StoreProblem {
    if (isMember(login.username(), first)) {
      changePassword(login);
      return;
    }
    make(login);
    boolean knowsTheDifference =
        steward.truth("SELECT current_setting('server_version_num')::int >= 160000");
    steward.run(
        "GRANT "
            + Quoting.identifier(first)
            + " TO "
            + Quoting.identifier(login.username())
            + (knowsTheDifference ? " WITH INHERIT TRUE, SET FALSE" : ""));
  }

  private boolean isMember(String username, String of) throws SQLException {
    return steward.truth(
        "SELECT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
            + " JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname = ? AND g.rolname = ?)",
        username,
        of);
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
   * And its second login. What they were granted goes with them, whoever granted it; what they may
   * have made in the meantime is kept, in the name of the writer: a function that runs as its owner
   * must not become an admin's.
   */
  void drop(String username) throws SQLException {
    if (isMember(Reader.other(username), username)) {
      dropLogin(Reader.other(username));
    }
    dropLogin(username);
  }

  private void dropLogin(String username) throws SQLException {
    if (exists(username)) {
      endSessions(username);
      String role = Quoting.identifier(username);
      steward.run("GRANT " + role + " TO CURRENT_USER");
      steward.run("REASSIGN OWNED BY " + role + " TO " + steward.writer());
      steward.run("DROP OWNED BY " + role);
      steward.run("DROP ROLE " + role);
    }
  }

  /** Of both its logins. */
  void endAllSessions(String username) throws SQLException {
    if (isMember(Reader.other(username), username)) {
      endSessions(Reader.other(username));
    }
    endSessions(username);
  }

  /** Only a member of a role may end its sessions, so this one is a member for so long. */
  private void endSessions(String username) throws SQLException {
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
