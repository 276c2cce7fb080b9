package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Content;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.KeyDigest;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Cursors and rows of one snapshot: one transaction of REPEATABLE READ, however long it takes. The
 * rows come by COPY, one by one as the server reads them, so that none waits in memory for others.
 */
final class PostgresContent implements Content {
  private static final int PORTION = 1_000;
  private static final int LONGEST_NAME = 200;

  /** Signature, flags and the length of what might follow them. */
  private static final int HEADER = 19;

  private final Connection connection;
  private final Problems problems;
  private final TableShape table;
  private final List<Cursor> cursors;
  private final Map<Integer, Long> at;
  private final ColumnType[] types;
  private final int[] keyAt;
  private final CopyBuffer rowBuffer;
  private final CopyBuffer keyBuffer;
  private final RowPrint print = new RowPrint();
  private @Nullable CopyOut copy;
  private boolean headed;

  private PostgresContent(
      Connection connection, Problems problems, PipelinePlan plan, List<Cursor> cursors) {
    this.connection = connection;
    this.problems = problems;
    this.table = TableShape.of(plan);
    this.cursors = cursors;
    this.at = cursors.stream().collect(Collectors.toMap(Cursor::partition, Cursor::nextOffset));
    this.types = table.columns().stream().map(TableShape.Column::type).toArray(ColumnType[]::new);
    this.keyAt = table.key().stream().mapToInt(table.columns()::indexOf).toArray();
    this.rowBuffer = new CopyBuffer(table);
    this.keyBuffer = new CopyBuffer(table.key());
  }

  static PostgresContent open(StoreSite site, PipelinePlan plan) throws StoreProblem {
    Problems problems = new Problems(site, site.writer().username());
    try {
      Connection connection =
          Connections.open(
              site, site.writer(), site.database(), Connections.Purpose.READ, "verifying");
      try {
        return new PostgresContent(
            connection, problems, plan, snapshot(connection, problems, plan));
      } catch (SQLException | StoreProblem | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  /** The first statement of the transaction decides what all others see. */
  private static List<Cursor> snapshot(Connection connection, Problems problems, PipelinePlan plan)
      throws SQLException, StoreProblem {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    try (Statement statement = connection.createStatement()) {
      // One COPY lasts as long as the table is large.
      statement.execute("SET statement_timeout = 0");
    }
    connection.setAutoCommit(false);
    List<Cursor> all = new Cursors(connection, plan.uid()).all();
    Set<Integer> missing = new TreeSet<>(plan.start().keySet());
    all.forEach(cursor -> missing.remove(cursor.partition()));
    if (!missing.isEmpty()) {
      throw Losses.cursorsMissing(problems, plan, missing);
    }
    return all;
  }

  @Override
  public List<Cursor> cursors() {
    return cursors;
  }

  @Override
  public KeyDigest key(StoreKey key) {
    keyBuffer.clear();
    keyBuffer.row(key.values().toArray());
    int next = 2;
    for (TableShape.Column column : table.key()) {
      next = print.value(column.type(), keyBuffer.bytes(), next);
    }
    return print.fingerprint().key();
  }

  @Override
  public long content(Batch.Entry entry) {
    rowBuffer.clear();
    rowBuffer.row(
        switch (entry.outcome()) {
          case Outcome.Put put -> table.whole(put.row());
          case Outcome.Add add ->
              table.appended(add.row(), entry.partition(), entry.offset(), add.deleted());
          default -> throw new IllegalArgumentException("no row comes of " + entry.outcome());
        });
    int next = 2;
    for (ColumnType type : types) {
      next = print.value(type, rowBuffer.bytes(), next);
    }
    return print.fingerprint().content();
  }

  @Override
  public String name(StoreKey key) {
    String name = key.values().stream().map(Object::toString).collect(Collectors.joining(","));
    return name.codePointCount(0, name.length()) <= LONGEST_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME));
  }

  @Override
  public Optional<Instant> expires(Instant event) {
    return Optional.empty();
  }

  @Override
  public void begin() throws StoreProblem {
    if (copy != null) {
      throw new IllegalStateException("the rows were not read to their end before");
    }
    try {
      copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(
                  "COPY (SELECT left(concat_ws(',', "
                      + table.keyList()
                      + "), "
                      + LONGEST_NAME
                      + "), "
                      + table.columnList()
                      + " FROM "
                      + table.quoted()
                      + ") TO STDOUT (FORMAT binary)");
      headed = false;
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  @Override
  public Optional<Portion> next() throws StoreProblem {
    CopyOut open = copy;
    if (open == null) {
      return Optional.empty();
    }
    List<Row> rows = new ArrayList<>(PORTION);
    try {
      while (rows.size() < PORTION) {
        byte[] message = open.readFromCopy();
        if (message == null) {
          copy = null;
          break;
        }
        row(message).ifPresent(rows::add);
      }
    } catch (SQLException e) {
      throw problems.of(e);
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(new Portion(rows, at));
  }

  /** One row comes in each message, the first of them after the header; a trailer ends them. */
  private Optional<Row> row(byte[] message) {
    int next = headed ? 0 : HEADER;
    headed = true;
    if (message.length < next + 2 || message[next] < 0) {
      return Optional.empty();
    }
    next += 2;
    int nameLength = RowPrint.int32(message, next);
    String name = new String(message, next + 4, nameLength, StandardCharsets.UTF_8);
    next += 4 + nameLength;
    int[] places = new int[types.length];
    for (int i = 0; i < types.length; i++) {
      places[i] = next;
      next = print.value(types[i], message, next);
    }
    long content = print.fingerprint().content();
    for (int key : keyAt) {
      print.value(types[key], message, places[key]);
    }
    return Optional.of(new Row(print.fingerprint().key(), content, name));
  }

  /** In a snapshot nothing comes or goes: a row that was not handed over is not there. */
  @Override
  public Portion look(List<StoreKey> keys) {
    return new Portion(List.of(), at);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException closedEnough) {
      return;
    }
  }
}
