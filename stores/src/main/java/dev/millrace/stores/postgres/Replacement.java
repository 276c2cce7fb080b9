package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Drops the live table and moves a shadow of another shape to its place: schema, names of table,
 * key and indexes, comment, storage settings, and whoever may read or do more.
 */
final class Replacement {
  private static final String GRANTED =
      """
      SELECT a.privilege_type, NULL, CASE WHEN a.grantee = 0 THEN 'PUBLIC'
             ELSE quote_ident(pg_get_userbyid(a.grantee)) END, a.is_grantable
      FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
      WHERE c.oid = ?::regclass AND a.grantee <> c.relowner
      UNION ALL
      SELECT a.privilege_type, t.attname, CASE WHEN a.grantee = 0 THEN 'PUBLIC'
             ELSE quote_ident(pg_get_userbyid(a.grantee)) END, a.is_grantable
      FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
      CROSS JOIN LATERAL aclexplode(t.attacl) AS a
      WHERE c.oid = ?::regclass AND NOT t.attisdropped AND a.grantee <> c.relowner\
      """;

  private final Steward steward;
  private final PipelinePlan live;
  private final TableShape shadow;
  private final PlanIndexes shadowIndexes;
  private final PipelinePlan next;
  private final TableShape table;
  private final PlanIndexes indexes;

  /**
   * @param column empty for the whole table
   * @param to quoted
   */
  private record Grant(String privilege, Optional<String> column, String to, boolean passedOn) {}

  Replacement(Steward steward, PipelinePlan live, PipelinePlan shadow, PipelinePlan next) {
    this.steward = steward;
    this.live = live;
    this.shadow = TableShape.of(shadow);
    this.shadowIndexes = new PlanIndexes(steward, shadow);
    this.next = next;
    this.table = TableShape.of(next);
    this.indexes = new PlanIndexes(steward, next);
  }

  /** Whoever looked first had its lock then: from here on nothing can be hung on the table. */
  void run(Optional<String> reader) throws SQLException, StoreProblem {
    steward.run("LOCK TABLE " + table.quoted() + " IN ACCESS EXCLUSIVE MODE");
    SwapCheck.replaceable(steward, live);
    TableOnServer old = new TableOnServer(steward, table.quoted());
    Optional<String> keyName = old.keyConstraint();
    List<Grant> grants = grants(old);
    List<String> settings = settings(old);

    steward.run("DROP TABLE " + table.quoted());
    move(keyName);
    steward.run(new TableStatements(next).comment());
    indexes.addMissing();
    indexes.dropUnwanted();
    for (String setting : settings) {
      steward.run("ALTER TABLE " + table.quoted() + " SET (" + setting + ")");
    }
    takeBack(grants(new TableOnServer(steward, table.quoted())));
    give(grants);
    if (reader.isPresent()) {
      new Grants(steward, reader.get()).onTable(table);
    }
  }

  private void move(Optional<String> keyName) throws SQLException {
    for (List<String> index : table.indexes()) {
      steward.run(
          "ALTER INDEX IF EXISTS "
              + Quoting.relation(shadow.schema(), shadowIndexes.name(index))
              + " RENAME TO "
              + Quoting.identifier(indexes.name(index)));
    }
    TableOnServer moving = new TableOnServer(steward, shadow.quoted());
    Optional<String> keyWas = moving.keyConstraint();
    List<String> notNull = moving.notNullConstraints();
    steward.run(
        "ALTER TABLE " + shadow.quoted() + " SET SCHEMA " + Quoting.identifier(table.schema()));
    steward.run(
        "ALTER TABLE "
            + Quoting.relation(table.schema(), shadow.name())
            + " RENAME TO "
            + Quoting.identifier(table.name()));
    if (keyWas.isPresent() && keyName.isPresent()) {
      renameConstraint(keyWas.get(), keyName.get());
    }
    for (String name : notNull) {
      renameNotNull(name);
    }
  }

  /** One that would be too long keeps the name it has. */
  private void renameNotNull(String name) throws SQLException {
    if (name.startsWith(shadow.name())) {
      String ordinary = table.name() + name.substring(shadow.name().length());
      if (ordinary.getBytes(StandardCharsets.UTF_8).length <= 63) {
        renameConstraint(name, ordinary);
      }
    }
  }

  private void renameConstraint(String from, String to) throws SQLException {
    steward.run(
        "ALTER TABLE "
            + table.quoted()
            + " RENAME CONSTRAINT "
            + Quoting.identifier(from)
            + " TO "
            + Quoting.identifier(to));
  }

  private static List<String> settings(TableOnServer old) throws SQLException {
    return old
        .rows(
            "SELECT quote_ident(option_name) || ' = ' || quote_literal(option_value)"
                + " FROM pg_class c CROSS JOIN LATERAL pg_options_to_table(c.reloptions)"
                + " WHERE c.oid = ?::regclass")
        .stream()
        .map(row -> row[0])
        .toList();
  }

  private static List<Grant> grants(TableOnServer of) throws SQLException {
    List<Grant> grants = new ArrayList<>();
    for (String[] row : of.rows(GRANTED)) {
      grants.add(new Grant(row[0], Optional.ofNullable(row[1]), row[2], row[3].equals("t")));
    }
    return grants;
  }

  /** What a default of the schema where the shadow was made has given. */
  private void takeBack(List<Grant> grants) throws SQLException {
    for (String to : grants.stream().map(Grant::to).collect(Collectors.toSet())) {
      steward.run("REVOKE ALL ON TABLE " + table.quoted() + " FROM " + to);
    }
  }

  /** A grant on a column goes with the column. */
  private void give(List<Grant> grants) throws SQLException {
    Set<String> columns =
        table.columns().stream().map(TableShape.Column::name).collect(Collectors.toSet());
    for (Grant grant : grants) {
      if (grant.column().isEmpty() || columns.contains(grant.column().get())) {
        steward.run(
            "GRANT "
                + grant.privilege()
                + grant.column().map(column -> " (" + Quoting.identifier(column) + ")").orElse("")
                + " ON TABLE "
                + table.quoted()
                + " TO "
                + grant.to()
                + (grant.passedOn() ? " WITH GRANT OPTION" : ""));
      }
    }
  }
}
