package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The indexes of a table that the platform made, for this plan or an earlier one: each has the name
 * that its columns give it. Any other is somebody else's.
 */
final class PlanIndexes {
  private final Steward steward;
  private final TableShape table;
  private final TableStatements statements;

  PlanIndexes(Steward steward, PipelinePlan plan) {
    this.steward = steward;
    this.table = TableShape.of(plan);
    this.statements = new TableStatements(plan);
  }

  String name(List<String> columns) {
    return statements.indexName(columns);
  }

  private Map<String, List<String>> made() throws SQLException {
    Map<String, List<String>> made =
        new TreeMap<>(new TableOnServer(steward, table.quoted()).indexes());
    made.entrySet().removeIf(index -> !isMade(index.getKey(), index.getValue()));
    return made;
  }

  boolean isMade(String name, List<String> columns) {
    return name.equals(name(columns));
  }

  void addMissing() throws SQLException {
    Map<String, List<String>> made = made();
    for (List<String> index : table.indexes()) {
      if (!made.containsKey(name(index))) {
        steward.run(statements.createIndex(index));
      }
    }
  }

  /** Locks readers out until the transaction ends. */
  void dropUnwanted() throws SQLException {
    Map<String, List<String>> unwanted = made();
    table.indexes().forEach(index -> unwanted.remove(name(index)));
    for (String index : unwanted.keySet()) {
      steward.run("DROP INDEX " + Quoting.relation(table.schema(), index));
    }
  }
}
