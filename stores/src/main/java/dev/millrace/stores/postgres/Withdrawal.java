package dev.millrace.stores.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Takes away what {@link Provisioning} made, in one transaction. */
final class Withdrawal {
  private final Steward steward;
  private final Ledger ledger;

  Withdrawal(Steward steward) {
    this.steward = steward;
    this.ledger = new Ledger(steward);
  }

  void run(String uid, boolean keepData) throws SQLException {
    if (!Bookkeeping.isThere(steward)) {
      return;
    }
    steward.asWriter();
    Optional<Ledger.Line> line = ledger.of(uid);
    if (line.isPresent()) {
      ledger.removeCursors(uid);
      if (keepData) {
        ledger.keep(uid);
      } else {
        removeAll(line.get());
      }
    }
    dropUnusedBookkeeping(steward);
  }

  /** All but cursors and dead letters. Ends as the writer. */
  void removeAll(Ledger.Line line) throws SQLException {
    ledger.handOn(line);
    ledger.remove(line.uid());
    endReading(line);
    steward.run("DROP TABLE IF EXISTS " + Quoting.relation(line.schema(), line.table()));
    List<Ledger.Line> others = ledger.all();
    steward.asAdmin();
    if (line.readerMade()) {
      new Readers(steward).drop(line.reader());
    } else {
      takeBack(line, others);
    }
    steward.asWriter();
    if (line.schemaMade() && others.stream().noneMatch(o -> o.schema().equals(line.schema()))) {
      dropSchemaIfEmpty(line.schema());
    }
  }

  /** Whoever reads holds the table for as long as he likes. */
  private void endReading(Ledger.Line line) throws SQLException {
    if (line.readerMade()) {
      steward.asAdmin();
      new Readers(steward).endAllSessions(line.reader());
      steward.asWriter();
    }
  }

  /** A reader that was brought keeps what it had before, and what it needs for other tables. */
  private void takeBack(Ledger.Line line, List<Ledger.Line> others) throws SQLException {
    String reader = Quoting.identifier(line.reader());
    boolean reads = others.stream().anyMatch(o -> o.reader().equals(line.reader()));
    boolean readsHere =
        others.stream()
            .anyMatch(o -> o.reader().equals(line.reader()) && o.schema().equals(line.schema()));
    if (line.usageGranted() && !readsHere) {
      steward.run(
          "REVOKE USAGE ON SCHEMA " + Quoting.identifier(line.schema()) + " FROM " + reader);
    }
    if (line.connectGranted() && !reads) {
      steward.run(
          "REVOKE CONNECT ON DATABASE "
              + Quoting.identifier(steward.site().database())
              + " FROM "
              + reader);
    }
  }

  private void dropSchemaIfEmpty(String schema) throws SQLException {
    boolean used =
        steward.truth(
            "SELECT EXISTS (SELECT FROM pg_depend d JOIN pg_namespace n ON d.refobjid = n.oid"
                + " WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = ?)",
            schema);
    if (!used) {
      steward.run("DROP SCHEMA IF EXISTS " + Quoting.identifier(schema));
    }
  }

  /** A store that was brought is left as it was found; one of ours goes as a whole. */
  static void dropUnusedBookkeeping(Steward steward) throws SQLException {
    boolean brought = steward.site().admin().isEmpty();
    if (brought
        && Bookkeeping.isThere(steward)
        && new Ledger(steward).all().stream().allMatch(Ledger.Line::kept)) {
      Bookkeeping.drop(steward);
    }
  }
}
