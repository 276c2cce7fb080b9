package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What hangs on a subscription's table and was not made by the platform. The catalogue is asked for
 * all there is and the platform's own is taken off, not the other way: so that a kind of object
 * that nobody thought of is found too.
 */
final class Dependents {
  /** Views and rules hang on a table by a rule of theirs; they are named and not their rule. */
  private static final String NAMED =
      """
      SELECT DISTINCT CASE
          WHEN d.classid = 'pg_rewrite'::regclass AND r.ev_class <> t.oid
            THEN pg_describe_object('pg_class'::regclass, r.ev_class, 0)
          ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END
      FROM pg_class t
      JOIN pg_type y ON y.oid = t.reltype
      JOIN pg_depend d
        ON (d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid)
        OR (d.refclassid = 'pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray))
      LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
      LEFT JOIN pg_trigger g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
      WHERE t.oid = ?::regclass
        AND NOT (d.classid = 'pg_type'::regclass AND d.objid IN (y.oid, y.typarray))
        AND c.relkind IS DISTINCT FROM 't' AND c.relkind IS DISTINCT FROM 'i'
        AND NOT coalesce(g.tgisinternal, false)
        AND NOT coalesce(k.conrelid = t.oid AND k.contype IN ('p', 'n'), false)
      """;

  private static final String INDEXES =
      """
      SELECT c.relname, pg_describe_object('pg_class'::regclass, c.oid, 0)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = ?::regclass AND NOT i.indisprimary
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid
                        AND k.conrelid = i.indrelid)
      """;

  private static final String COLUMNS =
      """
      SELECT attname, attnotnull FROM pg_attribute
      WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
      """;

  private static final String SETTINGS =
      """
      SELECT setting FROM pg_class c CROSS JOIN LATERAL (VALUES
        ('row level security', c.relrowsecurity),
        ('the replica identity', c.relreplident <> 'd'),
        ('being partitioned or inheriting', c.relispartition OR c.relhassubclass
          AND EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid)
          OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid))) AS s(setting, set_so)
      WHERE c.oid = ?::regclass AND set_so
      """;

  private final TableShape table;
  private final PlanIndexes indexes;
  private final TableOnServer onServer;

  Dependents(Steward steward, PipelinePlan live) {
    this.table = TableShape.of(live);
    this.indexes = new PlanIndexes(steward, live);
    this.onServer = new TableOnServer(steward, table.quoted());
  }

  /** In order, as the server describes them. */
  Set<String> all() throws SQLException {
    Set<String> all = new TreeSet<>();
    onServer.rows(NAMED).forEach(row -> all.add(row[0]));
    addIndexes(all);
    addColumns(all);
    onServer.rows(SETTINGS).forEach(row -> all.add(row[0]));
    return all;
  }

  private void addIndexes(Set<String> all) throws SQLException {
    Map<String, List<String>> columns = onServer.indexes();
    for (String[] index : onServer.rows(INDEXES)) {
      List<String> over = columns.get(index[0]);
      if (over == null || !indexes.isMade(index[0], over)) {
        all.add(index[1]);
      }
    }
  }

  private void addColumns(Set<String> all) throws SQLException {
    Set<String> own =
        table.columns().stream().map(TableShape.Column::name).collect(Collectors.toSet());
    Set<String> notNull =
        table.key().stream().map(TableShape.Column::name).collect(Collectors.toSet());
    if (table.append()) {
      notNull.add("_deleted");
    }
    for (String[] column : onServer.rows(COLUMNS)) {
      String name = "column " + Quoting.identifier(column[0]);
      if (!own.contains(column[0])) {
        all.add(name);
      } else if (column[1].equals("t") && !notNull.contains(column[0])) {
        all.add("NOT NULL of " + name);
      }
    }
  }
}
