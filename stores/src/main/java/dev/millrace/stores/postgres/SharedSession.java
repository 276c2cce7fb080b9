package dev.millrace.stores.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One session with a server, for several who take turns. It ends with the last of them, and when it
 * cannot be trusted any more: then each begins another.
 */
final class SharedSession {
  /** One that was just begun need not hang. */
  private static final Duration HANGS = Duration.ofSeconds(1);

  private final SharedSessions pool;
  private final Opening opening;
  private final Turns turns = new Turns();

  /** What those who left would have put away, had it been their turn. */
  private final Queue<Deed> leftOver = new ConcurrentLinkedQueue<>();

  private final Map<String, PreparedStatement> common = new HashMap<>();

  /** Kept for whoever has joined already when it could not be opened. */
  private @Nullable SQLException failure;

  private volatile @Nullable Connection connection;

  /** Of the pool, under its lock. */
  int users;

  interface Opening {
    Connection open() throws SQLException;
  }

  interface Deed {
    void run(Connection connection) throws SQLException;
  }

  interface Use<T, E extends Exception> {
    T with(Connection connection) throws SQLException, E;
  }

  /** Whoever wanted a turn has left meanwhile. */
  static final class Left extends SQLException {
    private static final long serialVersionUID = 1L;

    Left() {
      super("left while it waited for its turn", "08003");
    }
  }

  SharedSession(SharedSessions pool, Opening opening) {
    this.pool = pool;
    this.opening = opening;
  }

  /**
   * Waits for the turn. The connection commits by itself, before and after.
   *
   * @throws Left when {@link #leave} was called meanwhile
   */
  <T, E extends Exception> T inTurn(Object by, Use<T, E> use) throws SQLException, E {
    if (turns.begin(by) == null) {
      throw new Left();
    }
    try {
      Connection open = open();
      putAway(open);
      return use.with(open);
    } catch (Left left) {
      throw left;
    } catch (SQLException e) {
      if (isOver(e)) {
        end();
      }
      throw e;
    } catch (RuntimeException | Error e) {
      // Nobody knows how far the driver came.
      end();
      throw e;
    } finally {
      turns.end();
    }
  }

  private Connection open() throws SQLException {
    if (failure != null) {
      throw failure;
    }
    Connection open = connection;
    if (open == null) {
      try {
        open = opening.open();
      } catch (SQLException e) {
        failure = e;
        throw e;
      }
      connection = open;
      pool.opened(this);
    }
    return open;
  }

  /** What does not go is no trouble of those who are still here. */
  private void putAway(Connection open) throws SQLException {
    for (Deed deed = leftOver.poll(); deed != null; deed = leftOver.poll()) {
      try {
        deed.run(open);
      } catch (SQLException e) {
        if (isOver(e)) {
          throw e;
        }
      }
    }
  }

  /** Not for a statement that was cancelled, or refused. */
  private boolean isOver(SQLException e) throws SQLException {
    Connection open = connection;
    String state = e.getSQLState() == null ? "08" : e.getSQLState();
    return open == null || open.isClosed() || state.startsWith("08") || state.startsWith("57P");
  }

  /** One that all of the session use, in their turns. */
  PreparedStatement common(String sql) throws SQLException {
    PreparedStatement statement = common.get(sql);
    if (statement == null) {
      statement = open().prepareStatement(sql);
      common.put(sql, statement);
    }
    return statement;
  }

  /** Nobody should go on in it. */
  void end() {
    pool.retire(this);
    abort();
  }

  /**
   * From any thread, once. Who waits for a turn waits no longer. A turn that hangs ends a little
   * later, and with it the session.
   *
   * @param putAway in a turn, if others go on
   */
  void leave(Object who, Deed putAway) {
    boolean last = pool.isLastToLeave(this);
    turns.callOff(who);
    Turns.Turn turn = turns.current();
    if (turn == null) {
      leave(last, putAway);
    } else if (last) {
      // A farewell would wait behind a write that hangs.
      abort();
    } else if (turn.isOf(who)) {
      Thread unused = Thread.startVirtualThread(() -> endIfItHangs(turn));
    } else {
      leftOver.add(putAway);
    }
  }

  private void leave(boolean last, Deed putAway) {
    if (!last) {
      leftOver.add(putAway);
      return;
    }
    try {
      Connection open = connection;
      if (open != null) {
        open.close();
      }
    } catch (SQLException closedEnough) {
      return;
    }
  }

  private void endIfItHangs(Turns.Turn turn) {
    try {
      Thread.sleep(HANGS);
      turns.during(turn, this::end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void abort() {
    try {
      Connection open = connection;
      if (open != null) {
        open.abort(Runnable::run);
      }
    } catch (SQLException closedEnough) {
      return;
    }
  }
}
