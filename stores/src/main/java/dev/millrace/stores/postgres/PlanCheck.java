package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.column.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Postgres alone refuses of a plan that is right otherwise. Names and their length, columns
 * that are there twice and indexes over unknown columns are found for every engine in needs.check.
 */
final class PlanCheck {
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");
  private static final int MOST_COLUMNS = 1600;

  /** A page less its header, the line to the row and the row's own header. */
  private static final int ROOM_OF_A_ROW = 8192 - 24 - 4 - 24;

  private final PipelinePlan plan;
  private final TableShape table;
  private final List<Finding> findings = new ArrayList<>();

  PlanCheck(PipelinePlan plan) {
    this.plan = plan;
    this.table = TableShape.of(plan);
  }

  List<Finding> findings() {
    systemColumns();
    width();
    indexes();
    return List.copyOf(findings);
  }

  private void systemColumns() {
    for (int i = 0; i < plan.columns().size(); i++) {
      String name = plan.columns().get(i).name();
      if (SYSTEM_COLUMNS.contains(name)) {
        findings.add(
            new Finding(
                "/spec/select/" + i + "/as",
                "NameReserved",
                "'" + name + "' is a column that every table of Postgres has",
                "Rename it with 'as'."));
      }
    }
  }

  private void width() {
    int bytes = table.columns().size() / 8 + 1;
    for (TableShape.Column column : table.columns()) {
      bytes += SqlTypes.leastBytes(column.type());
    }
    if (table.columns().size() > MOST_COLUMNS || bytes > ROOM_OF_A_ROW) {
      findings.add(
          new Finding(
              "/spec/select",
              "TooManyColumns",
              "a row of " + table.columns().size() + " such columns does not fit into Postgres",
              "Select fewer fields, or keep some together in one column of type json."));
    }
  }

  private void indexes() {
    Set<String> json =
        table.columns().stream()
            .filter(column -> column.type() instanceof ColumnType.Json)
            .map(TableShape.Column::name)
            .collect(Collectors.toSet());
    for (int i = 0; i < table.indexes().size(); i++) {
      for (String column : table.indexes().get(i)) {
        if (json.contains(column)) {
          findings.add(
              new Finding(
                  "/spec/store/table/indexes/" + i,
                  "NotIndexable",
                  "'" + column + "' is json, which an ordinary index does not help to search",
                  "Select the field within it as a column of its own and index that."));
        }
      }
    }
  }
}
