package dev.millrace.stores.postgres;

import dev.millrace.needs.column.ColumnType;
import dev.millrace.stores.Nanoseconds;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** What it costs to write one row in the binary format of COPY. */
public class CopyBenchmark extends Nanoseconds {
  private static final int ROWS = 200;

  private static final @Nullable Object[] BID = {
    123_456L,
    50_123L,
    5_123L,
    3_162_278L,
    "Google",
    "https://www.nexmark.com/abcde/fghij/klmno/item.htm?query=1",
    Instant.parse("2026-01-01T00:16:40.123Z"),
    "x".repeat(90)
  };

  private static final @Nullable Object[] PRICED = {
    123_456L, 50_123L, 5_123L, new BigDecimal("2871348.424")
  };

  private final CopyBuffer bids =
      new CopyBuffer(
          columns(
              new ColumnType.Int64(),
              new ColumnType.Int64(),
              new ColumnType.Int64(),
              new ColumnType.Int64(),
              new ColumnType.Text(),
              new ColumnType.Text(),
              new ColumnType.Timestamp(),
              new ColumnType.Text()));

  private final CopyBuffer priced =
      new CopyBuffer(
          columns(
              new ColumnType.Int64(),
              new ColumnType.Int64(),
              new ColumnType.Int64(),
              new ColumnType.Decimal(20, 3)));

  private static List<TableShape.Column> columns(ColumnType... types) {
    return List.of(types).stream().map(type -> new TableShape.Column("c", type)).toList();
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int bid() {
    return rows(bids, BID);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int decimal() {
    return rows(priced, PRICED);
  }

  private static int rows(CopyBuffer buffer, @Nullable Object[] row) {
    buffer.clear();
    for (int i = 0; i < ROWS; i++) {
      buffer.row(row);
    }
    return buffer.length();
  }
}
