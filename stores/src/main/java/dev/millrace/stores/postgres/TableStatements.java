package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that make a subscription's table. Pure. */
final class TableStatements {
  private static final int LONGEST_NAME = 63;

  private final PipelinePlan plan;
  private final TableShape table;

  TableStatements(PipelinePlan plan) {
    this.plan = plan;
    this.table = TableShape.of(plan);
  }

  List<String> all() {
    List<String> statements = new ArrayList<>(List.of(createTable(), comment()));
    table.indexes().forEach(index -> statements.add(createIndex(index)));
    return statements;
  }

  private String createTable() {
    String columns =
        table.columns().stream()
            .map(column -> "  " + column.quoted() + " " + column.sqlType() + notNull(column))
            .collect(Collectors.joining(",\n"));
    return "CREATE TABLE "
        + table.quoted()
        + " (\n"
        + columns
        + ",\n  PRIMARY KEY ("
        + table.keyList()
        + ")\n)";
  }

  private String notNull(TableShape.Column column) {
    boolean bookkept = table.append() && column.name().equals("_deleted");
    return table.key().contains(column) || bookkept ? " NOT NULL" : "";
  }

  String comment() {
    return "COMMENT ON TABLE "
        + table.quoted()
        + " IS "
        + Quoting.literal("Kept by Millrace for the subscription " + plan.subscription());
  }

  String createIndex(List<String> columns) {
    return "CREATE INDEX "
        + Quoting.identifier(indexName(columns))
        + " ON "
        + table.quoted()
        + " ("
        + columns.stream().map(Quoting::identifier).collect(Collectors.joining(", "))
        + ")";
  }

  String addColumn(TableShape.Column column) {
    return "ALTER TABLE "
        + table.quoted()
        + " ADD COLUMN "
        + column.quoted()
        + " "
        + column.sqlType();
  }

  /** Readable as far as it fits, and the same each time; the uid keeps two subscriptions apart. */
  String indexName(List<String> columns) {
    String digest = digest(plan.uid() + "\n" + table.name() + "\n" + String.join("\n", columns));
    String readable = table.name() + "_" + String.join("_", columns);
    int room = LONGEST_NAME - digest.length() - 1;
    return readable.substring(0, Math.min(room, readable.length())) + "_" + digest;
  }

  static String digest(String text) {
    try {
      byte[] full =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(full, 0, 4);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
