package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Databases and writers on a server where Millrace has an admin. A comment on each says which store
 * it was made for; only what bears it is used again or dropped. A database gets its comment under a
 * passing name and its own name last, so one that is there is complete.
 */
final class Databases {
  private static final String WRONG_PASSWORD = "28P01";

  private final StoreSite site;
  private final String mark;

  Databases(StoreSite site) {
    this.site = site;
    this.mark = "Made by Millrace for the store " + site.store();
  }

  void make() throws StoreProblem {
    try (Server server = Server.open(site)) {
      makeWriter(server);
      makeDatabase(server);
    }
    Steward.transaction(site, this::letIn);
  }

  private void makeWriter(Server server) throws StoreProblem {
    String name = site.writer().username();
    if (!server.has(Server.Kind.ROLE, name)) {
      server.run(createWriter(Quoting.identifier(name)));
    } else if (!server.isMarked(Server.Kind.ROLE, name, mark)) {
      throw foreign(server, "role " + Quoting.identifier(name));
    } else if (isRefused()) {
      server.run(
          "ALTER ROLE "
              + Quoting.identifier(name)
              + " PASSWORD "
              + Quoting.literal(Readers.verifier(site.writer().password())));
    }
  }

  /** It may be left of a store that was deleted and is asked for again, with another password. */
  private boolean isRefused() {
    try {
      Connections.open(site, site.writer(), site.database(), Connections.Purpose.WRITE, "preparing")
          .close();
      return false;
    } catch (SQLException e) {
      return WRONG_PASSWORD.equals(e.getSQLState());
    }
  }

  /**
   * One block, so that no role is left without its mark. An admin that is no superuser has to be a
   * member to act in the writer's name.
   */
  private String createWriter(String role) {
    return "DO "
        + Quoting.literal(
            "BEGIN CREATE ROLE "
                + role
                + " LOGIN PASSWORD "
                + Quoting.literal(Readers.verifier(site.writer().password()))
                + "; COMMENT ON ROLE "
                + role
                + " IS "
                + Quoting.literal(mark)
                + "; IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN GRANT "
                + role
                + " TO CURRENT_USER; END IF; END");
  }

  private void makeDatabase(Server server) throws StoreProblem {
    String name = site.database();
    if (!server.has(Server.Kind.DATABASE, name)) {
      String passing = "millrace_new_" + TableStatements.digest(name);
      if (!server.has(Server.Kind.DATABASE, passing)) {
        server.run("CREATE DATABASE " + passing + " TEMPLATE template0 ENCODING 'UTF8'");
      }
      server.run("COMMENT ON DATABASE " + passing + " IS " + Quoting.literal(mark));
      server.run("ALTER DATABASE " + passing + " RENAME TO " + Quoting.identifier(name));
    } else if (!server.isMarked(Server.Kind.DATABASE, name, mark)) {
      throw foreign(server, "database " + Quoting.identifier(name));
    }
  }

  private StoreProblem foreign(Server server, String what) {
    return server
        .problems()
        .problem(
            "StoreUnsuitable",
            "there is a " + what + " already that was not made for the store " + site.store(),
            "Drop or rename it, or give the store another name.");
  }

  /** The same rights as an owner gives the writer of a store that is brought. */
  private void letIn(Steward steward) throws SQLException, StoreProblem {
    String database = Quoting.identifier(site.database());
    steward.run("REVOKE CONNECT, TEMPORARY ON DATABASE " + database + " FROM PUBLIC");
    Grants writer = new Grants(steward, site.writer().username());
    writer.onDatabase("CONNECT");
    writer.onDatabase("CREATE");
    writer.onDatabase("TEMPORARY");
    writer.onSchema("CREATE", "public");
    // Before Postgres 15 anybody may: a reader's function could be called in another's name.
    if (steward.truth(
        "SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public'")) {
      steward.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    }
    steward.asWriter();
    Bookkeeping.make(steward);
  }

  void drop() throws StoreProblem {
    try (Server server = Server.open(site)) {
      String database = site.database();
      if (server.isMarked(Server.Kind.DATABASE, database, mark)) {
        if (isKept()) {
          return;
        }
        Steward.transaction(site, Databases::dropReaders);
        server.run("DROP DATABASE " + Quoting.identifier(database) + " WITH (FORCE)");
      }
      String writer = site.writer().username();
      if (server.isMarked(Server.Kind.ROLE, writer, mark)) {
        server.run("DROP ROLE " + Quoting.identifier(writer));
      }
    }
  }

  /** Somebody who has gone wanted his table to stay. */
  private boolean isKept() throws StoreProblem {
    AtomicBoolean kept = new AtomicBoolean();
    Steward.transaction(
        site,
        steward ->
            kept.set(
                Bookkeeping.isThere(steward)
                    && new Ledger(steward).all().stream().anyMatch(Ledger.Line::kept)));
    return kept.get();
  }

  /** Roles belong to the server, not to the database: they would stay. */
  private static void dropReaders(Steward steward) throws SQLException {
    if (Bookkeeping.isThere(steward)) {
      for (Ledger.Line line : new Ledger(steward).all()) {
        if (line.readerMade()) {
          new Readers(steward).drop(line.reader());
        }
      }
    }
  }
}
