package dev.millrace.stores.postgres;

import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Effort;
import dev.millrace.stores.Fenced;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Cursors, deletions, rows and dead letters in one statement, so in one round trip and one
 * transaction. Its last part counts the cursors that moved and raises an error when one did not:
 * the server itself turns everything back, without waiting for an answer from here. The cursors
 * come first, because the last part reads them before Postgres runs the parts that nobody reads.
 */
final class AtomicWrite {
  private static final String FENCED = "millrace:fenced";

  private static final String MOVED =
      """
      WITH moved AS (
        UPDATE millrace.cursor c
        SET next_offset = m.upto,
            leader_epoch = CASE WHEN m.upto = m.since THEN c.leader_epoch ELSE m.epoch END,
            read = c.read + m.read, applied = c.applied + m.applied,
            filtered = c.filtered + m.filtered,
            dead_lettered = c.dead_lettered + m.dead_lettered, skipped = c.skipped + m.skipped
        FROM unnest(?::integer[], ?::bigint[], ?::bigint[], ?::integer[], ?::bigint[],
                    ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
          AS m(partition, since, upto, epoch, read, applied, filtered, dead_lettered, skipped)
        WHERE c.subscription = ? AND c.partition = m.partition AND c.next_offset = m.since
          AND c.owner = ? AND c.definition = ?
        RETURNING 1)
      """;

  private static final String COUNTED =
      """
      SELECT CASE WHEN count(*) = ? THEN 0 ELSE ('%s ' || count(*))::integer END FROM moved
      """
          .formatted(FENCED);

  /**
   * For a batch without any: nearly all of many live subscriptions, and all by COPY. It is the same
   * for all subscriptions.
   */
  private static final String CURSORS_ALONE = MOVED + COUNTED;

  private final SharedSession session;
  private final String sql;
  private final String uid;
  private final String owner;
  private final long definition;
  private final TableShape table;
  private final Effort effort;
  private @Nullable PreparedStatement whole;

  AtomicWrite(
      SharedSession session,
      TableShape table,
      String uid,
      String owner,
      long definition,
      Effort effort) {
    this.session = session;
    this.sql = MOVED + rows(table) + COUNTED;
    this.table = table;
    this.uid = uid;
    this.owner = owner;
    this.definition = definition;
    this.effort = effort;
  }

  private static String rows(TableShape table) {
    return """
    ,
    gone AS (DELETE FROM %1$s t USING unnest(%2$s) AS g(%3$s) WHERE %4$s),
    put AS (INSERT INTO %1$s (%5$s) SELECT * FROM unnest(%6$s) %7$s),
    dead AS (
      INSERT INTO millrace.dead_letter
        (subscription, partition, "offset", code, field, message, excerpt)
      SELECT ?, d.* FROM unnest(?::integer[], ?::bigint[], ?::text[], ?::text[], ?::text[],
                                ?::text[]) AS d
      ON CONFLICT DO NOTHING)
    """
        .formatted(
            table.quoted(),
            arrays(table.key()),
            IntStream.range(0, table.key().size())
                .mapToObj(i -> "k" + i)
                .collect(Collectors.joining(", ")),
            IntStream.range(0, table.key().size())
                .mapToObj(i -> "t." + table.key().get(i).quoted() + " = g.k" + i)
                .collect(Collectors.joining(" AND ")),
            table.columnList(),
            arrays(table.columns()),
            table.onConflict());
  }

  private static String arrays(List<TableShape.Column> columns) {
    return columns.stream()
        .map(column -> "?::" + column.sqlType() + "[]")
        .collect(Collectors.joining(", "));
  }

  /**
   * Within a turn.
   *
   * @throws Fenced and then the transaction has ended in an error
   */
  void run(Connection connection, Fold fold, List<Batch.Move> moves) throws SQLException, Fenced {
    long began = System.nanoTime();
    boolean alone = fold.isEmpty();
    PreparedStatement statement = alone ? session.common(CURSORS_ALONE) : whole(connection);
    Parameters parameters = new Parameters(statement);
    parameters.moves(moves);
    if (!alone) {
      parameters.gone(fold.gone());
      parameters.rows(fold.rows());
      parameters.dead(fold.dead());
    }
    parameters.add(moves.size());
    effort.encoded(began);
    try {
      statement.execute();
    } catch (PSQLException e) {
      if (isFenced(e)) {
        throw fenced(moves);
      }
      throw e;
    } finally {
      // Of a large batch, which would be kept for as long as the session lasts.
      statement.clearParameters();
    }
  }

  private PreparedStatement whole(Connection connection) throws SQLException {
    if (whole == null) {
      whole = connection.prepareStatement(sql);
    }
    return whole;
  }

  /** When others go on in the session. */
  void close() throws SQLException {
    if (whole != null) {
      whole.close();
    }
  }

  /** In whatever language the server speaks, it quotes the text that was no number. */
  private static boolean isFenced(PSQLException e) {
    return "22P02".equals(e.getSQLState())
        && e.getServerErrorMessage() != null
        && String.valueOf(e.getServerErrorMessage().getMessage()).contains(FENCED);
  }

  private Fenced fenced(List<Batch.Move> moves) {
    return new Fenced(
        "a cursor of "
            + table.schema()
            + "."
            + table.name()
            + " is not where this worker left it; it moved partitions "
            + moves.stream().map(Batch.Move::partition).toList());
  }

  /** Sets them one after the other, in the order of the statement's question marks. */
  private final class Parameters {
    private final PreparedStatement statement;
    private int last;

    Parameters(PreparedStatement statement) {
      this.statement = statement;
    }

    void add(Object value) throws SQLException {
      statement.setString(++last, value.toString());
    }

    private <T> void array(List<T> from, Function<T, @Nullable Object> element)
        throws SQLException {
      ArrayLiteral literal = new ArrayLiteral();
      for (T each : from) {
        literal.add(element.apply(each));
      }
      add(literal);
    }

    void moves(List<Batch.Move> moves) throws SQLException {
      array(moves, Batch.Move::partition);
      array(moves, Batch.Move::from);
      array(moves, Batch.Move::to);
      array(moves, move -> move.leaderEpoch().orElse(null));
      array(moves, move -> move.delta().read());
      array(moves, move -> move.delta().applied());
      array(moves, move -> move.delta().filtered());
      array(moves, move -> move.delta().deadLettered());
      array(moves, move -> move.delta().skipped());
      add(uid);
      add(owner);
      add(definition);
    }

    void gone(List<StoreKey> keys) throws SQLException {
      for (int i = 0; i < table.key().size(); i++) {
        int at = i;
        array(keys, key -> key.values().get(at));
      }
    }

    void rows(List<@Nullable Object[]> rows) throws SQLException {
      for (int i = 0; i < table.columns().size(); i++) {
        int at = i;
        array(rows, row -> row[at]);
      }
    }

    void dead(List<Batch.Entry> letters) throws SQLException {
      add(uid);
      array(letters, Batch.Entry::partition);
      array(letters, Batch.Entry::offset);
      array(letters, letter -> DeadLetters.text(dead(letter).code()));
      array(letters, letter -> DeadLetters.text(dead(letter).field()));
      array(letters, letter -> DeadLetters.text(dead(letter).message()));
      array(letters, letter -> DeadLetters.text(dead(letter).excerpt()));
    }

    private static Outcome.Dead dead(Batch.Entry letter) {
      return (Outcome.Dead) letter.outcome();
    }
  }
}
