package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreProblem;
import java.sql.SQLException;
import java.util.Optional;

/** Makes what a subscription needs in its store, in one transaction, as far as it is missing. */
final class Provisioning {
  private final Steward steward;
  private final PipelinePlan plan;
  private final Reader reader;
  private final TableShape table;
  private final Ledger ledger;

  Provisioning(Steward steward, PipelinePlan plan, Reader reader) {
    this.steward = steward;
    this.plan = plan;
    this.reader = reader;
    this.table = TableShape.of(plan);
    this.ledger = new Ledger(steward);
  }

  void run() throws SQLException, StoreProblem {
    steward.asWriter();
    Bookkeeping.make(steward);
    Optional<Ledger.Line> ours = ledger.of(plan.uid()).filter(line -> !line.kept());
    if (ours.isPresent()) {
      complete();
    } else {
      make();
    }
    ledger.addCursors(plan);
  }

  private void make() throws SQLException, StoreProblem {
    refuseTaken();
    boolean schemaMade = makeSchema();
    for (String statement : new TableStatements(plan).all()) {
      steward.run(statement);
    }
    steward.asAdmin();
    makeReader();
    boolean read = !(reader instanceof Reader.None);
    boolean connect = read && new Grants(steward, Readers.name(reader)).onDatabase("CONNECT");
    boolean usage = read && letRead();
    steward.asWriter();
    ledger.add(
        new Ledger.Line(
            plan.uid(),
            plan.subscription().toString(),
            table.schema(),
            table.name(),
            schemaMade,
            Readers.name(reader),
            reader instanceof Reader.Made,
            usage,
            connect,
            false));
  }

  private void makeReader() throws SQLException, StoreProblem {
    switch (reader) {
      case Reader.Made made -> new Readers(steward).make(made.login());
      case Reader.Brought brought -> new Readers(steward).requireBrought(brought.username());
      case Reader.None nobody -> {
        // Nothing to make.
      }
    }
  }

  /** Whoever owns the schema can let others in: the writer, the admin, or someone before us. */
  private boolean letRead() throws SQLException, StoreProblem {
    Grants grants = new Grants(steward, Readers.name(reader));
    boolean ownedByWriter =
        steward.truth(
            "SELECT pg_get_userbyid(nspowner) = ? FROM pg_namespace WHERE nspname = ?",
            steward.site().writer().username(),
            table.schema());
    if (ownedByWriter) {
      steward.asWriter();
    }
    boolean usage = grants.onSchema("USAGE", table.schema());
    steward.asWriter();
    grants.onTable(table);
    return usage;
  }

  private void refuseTaken() throws SQLException, StoreProblem {
    Optional<Ledger.Line> line = ledger.at(table);
    boolean exists = exists();
    if (line.isPresent() && !line.get().kept()) {
      throw taken("belongs to the subscription " + line.get().name(), "Choose another table name.");
    }
    if (line.isPresent() && exists) {
      throw taken(
          "holds the rows that the deleted subscription " + line.get().name() + " left",
          "Choose another table name, or drop it if the rows are not needed: DROP TABLE "
              + table.quoted()
              + ";");
    }
    if (line.isPresent()) {
      new Withdrawal(steward).removeAll(line.get());
    } else if (exists) {
      throw taken(
          "is there already and was not made for this subscription",
          "Choose another table name, or rename or drop that table.");
    }
  }

  private StoreProblem taken(String why, String remedy) {
    return steward
        .problems()
        .problem("TableTaken", "the table " + table.quoted() + " " + why, remedy);
  }

  private boolean exists() throws SQLException {
    return steward.truth(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ?)",
        table.schema(),
        table.name());
  }

  private boolean makeSchema() throws SQLException, StoreProblem {
    String schema = Quoting.identifier(table.schema());
    if (!steward.truth(
        "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ?)", table.schema())) {
      Grants.require(
          steward,
          "SELECT has_database_privilege(current_database(), 'CREATE')",
          "the schema " + schema + " is missing and may not be made",
          "CREATE SCHEMA " + schema + " AUTHORIZATION " + steward.writer());
      steward.run("CREATE SCHEMA " + schema);
      return true;
    }
    Grants.require(
        steward,
        "SELECT has_schema_privilege("
            + Quoting.literal(table.schema())
            + ", 'USAGE') AND has_schema_privilege("
            + Quoting.literal(table.schema())
            + ", 'CREATE')",
        "no table may be made in the schema " + schema,
        "GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + steward.writer());
    return false;
  }

  /** A table of ours that went missing is not made anew: its cursors would hide what is lost. */
  private void complete() throws SQLException, StoreProblem {
    if (!exists()) {
      throw Losses.tableMissing(steward.problems(), plan, table);
    }
    for (TableShape.Column column : table.columns()) {
      if (!hasColumn(column)) {
        steward.run(new TableStatements(plan).addColumn(column));
      }
    }
  }

  private boolean hasColumn(TableShape.Column column) throws SQLException {
    return steward.truth(
        "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = ?::regclass AND attname = ?"
            + " AND NOT attisdropped)",
        table.quoted(),
        column.name());
  }
}
