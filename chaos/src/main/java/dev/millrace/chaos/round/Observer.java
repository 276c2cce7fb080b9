package dev.millrace.chaos.round;

import dev.millrace.chaos.store.CursorMissing;
import dev.millrace.chaos.store.PostgresServer;
import dev.millrace.chaos.store.PostgresServer.Order;
import dev.millrace.chaos.store.PostgresServer.Tally;
import dev.millrace.chaos.store.RedisServer;
import dev.millrace.chaos.store.Snapshot;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at both stores all the while, as readers do. What it saw is judged when the log is known:
 * each must be what the events before its cursors make. In Postgres the cursors come first in one
 * look, and the rows in the next.
 */
final class Observer implements AutoCloseable {
  /** The table of all events is long, and counted on the server. */
  private static final int TALLIES_A_SECOND = 5;

  private final Scene scene;
  private final int looksASecond;
  private final Looks table = new Looks();
  private final Looks hashes = new Looks();
  private final List<Tally> tallies = new ArrayList<>();
  private final Set<Need> disregarded = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private final long begun = System.nanoTime();
  private long ended;
  private volatile boolean running = true;

  private Observer(Scene scene, int looksASecond, boolean tallies) {
    this.scene = scene;
    this.looksASecond = looksASecond;
    start("observe-table", this::table);
    start("observe-hashes", this::hashes);
    if (tallies) {
      start("observe-journal", this::journal);
    }
  }

  private void start(String name, Runnable looking) {
    threads.add(Thread.ofPlatform().name(name).daemon().start(looking));
  }

  /**
   * @param tallies whether to look at the table of all events too, at what it comes to
   */
  static Observer of(Scene scene, int looksASecond, boolean tallies) {
    return new Observer(scene, looksASecond, tallies);
  }

  /** From now on it cannot be right. A look that is under way counts no more either. */
  void disregard(Need need) {
    disregarded.add(need);
  }

  /** At the table and at the hashes. */
  Looks looks(Need need) {
    return need == Need.TABLE ? table : hashes;
  }

  /** At the table of all events. */
  List<Tally> tallies() {
    synchronized (tallies) {
      return List.copyOf(tallies);
    }
  }

  int count() {
    return table.count() + hashes.count() + tallies().size();
  }

  /** At the store that was looked at less often, all the time counted in which a fault let none. */
  double aSecond() {
    return Math.min(table.count(), hashes.count()) / ((ended - begun) / 1e9);
  }

  @Override
  public void close() throws InterruptedException {
    if (running) {
      running = false;
      ended = System.nanoTime();
    }
    for (Thread thread : threads) {
      thread.join(30_000);
    }
  }

  private void table() {
    @Nullable Connection connection = null;
    Pace pace = new Pace(looksASecond);
    for (int look = 0; running; look++) {
      try {
        connection = connection == null ? scene.site().postgres().connect() : connection;
        add(Need.TABLE, scene.snapshot(connection, order(look)));
      } catch (SQLException | CursorMissing e) {
        close(connection);
        connection = null;
      }
      pause(pace);
    }
    close(connection);
  }

  private void journal() {
    @Nullable Connection connection = null;
    Pace pace = new Pace(TALLIES_A_SECOND);
    for (int look = 0; running; look++) {
      try {
        connection = connection == null ? scene.site().postgres().connect() : connection;
        Tally tally = scene.tally(connection, order(look));
        synchronized (tallies) {
          tallies.add(tally);
        }
      } catch (SQLException | CursorMissing e) {
        close(connection);
        connection = null;
      }
      pause(pace);
    }
    close(connection);
  }

  private void hashes() {
    RedisServer.@Nullable Observer observer = null;
    Pace pace = new Pace(looksASecond);
    while (running) {
      try {
        observer = observer == null ? scene.site().redis().observer() : observer;
        add(Need.HASHES, scene.snapshot(observer));
      } catch (IOException | CursorMissing e) {
        close(observer);
        observer = null;
      }
      pause(pace);
    }
    close(observer);
  }

  private static Order order(int look) {
    return look % 2 == 0 ? PostgresServer.Order.CURSORS_FIRST : PostgresServer.Order.ROWS_FIRST;
  }

  private void add(Need need, Snapshot snapshot) {
    if (!disregarded.contains(need)) {
      looks(need).add(snapshot);
    }
  }

  private static void close(@Nullable AutoCloseable connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (Exception gone) {
      return;
    }
  }

  private void pause(Pace pace) {
    try {
      pace.await();
    } catch (InterruptedException e) {
      running = false;
    }
  }

  /** So many a second: after one that took longer the next come sooner, for a while. */
  private static final class Pace {
    private static final long MOST_CAUGHT_UP = TimeUnit.SECONDS.toNanos(1);

    private final long period;
    private long due = System.nanoTime();

    Pace(int aSecond) {
      this.period = TimeUnit.SECONDS.toNanos(1) / aSecond;
    }

    void await() throws InterruptedException {
      long now = System.nanoTime();
      due = Math.max(due + period, now - MOST_CAUGHT_UP);
      TimeUnit.NANOSECONDS.sleep(due - now);
    }
  }
}
