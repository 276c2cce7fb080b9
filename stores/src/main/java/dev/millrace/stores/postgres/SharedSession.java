package dev.millrace.stores.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One session with a server, for several who take turns. It ends with the last of them. */
final class SharedSession {
  private final SharedSessions pool;
  private final Opening opening;

  /** Fair: who loads a history would have the next turn, too. */
  private final ReentrantLock turn = new ReentrantLock(true);

  /** Whose turn it is. */
  private final AtomicReference<@Nullable Object> user = new AtomicReference<>();

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

  SharedSession(SharedSessions pool, Opening opening) {
    this.pool = pool;
    this.opening = opening;
  }

  /** Waits for the turn. The connection commits by itself, before and after. */
  <T, E extends Exception> T inTurn(Object by, Use<T, E> use) throws SQLException, E {
    turn.lock();
    try {
      user.set(by);
      Connection open = open();
      for (Deed deed = leftOver.poll(); deed != null; deed = leftOver.poll()) {
        deed.run(open);
      }
      return use.with(open);
    } catch (SQLException e) {
      if (isOver(e)) {
        pool.retire(this);
      }
      throw e;
    } finally {
      user.set(null);
      turn.unlock();
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
        pool.retire(this);
        throw e;
      }
      connection = open;
    }
    return open;
  }

  /** Perhaps: one too many is no harm. */
  private boolean isOver(SQLException e) throws SQLException {
    Connection open = connection;
    String state = e.getSQLState() == null ? "08" : e.getSQLState();
    return open == null
        || open.isClosed()
        || state.startsWith("08")
        || state.startsWith("57")
        || state.startsWith("58")
        || state.startsWith("XX");
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

  /** Within a turn: a transaction did not end, and nobody should go on in it. */
  void end() {
    pool.retire(this);
    abort();
  }

  /**
   * From any thread, a turn that hangs too: with it ends the session, and the others begin another.
   *
   * @param putAway in a turn, if others go on
   */
  void leave(Object who, Deed putAway) {
    if (pool.isLastToLeave(this)) {
      close();
    } else if (user.get() == who) {
      end();
    } else {
      leftOver.add(putAway);
    }
  }

  private void close() {
    if (!turn.tryLock()) {
      // A farewell would wait behind a write that hangs.
      abort();
      return;
    }
    try {
      Connection open = connection;
      if (open != null) {
        open.close();
      }
    } catch (SQLException closedEnough) {
      return;
    } finally {
      turn.unlock();
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
