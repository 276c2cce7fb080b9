package dev.millrace.chaos.round;

import dev.millrace.chaos.store.CursorMissing;
import dev.millrace.chaos.store.RedisServer;
import dev.millrace.chaos.store.Snapshot;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Looks at both stores all the while, as readers do. What it saw is judged when the log is known:
 * each must be what the events before its cursors make.
 */
final class Observer implements AutoCloseable {
  private static final long PAUSE_MILLIS = 150;

  private final Scene scene;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Set<Need> disregarded = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads;
  private volatile boolean running = true;

  /** In the order in which they were seen, for each need. */
  record Seen(Need need, Snapshot snapshot) {}

  private Observer(Scene scene) {
    this.scene = scene;
    this.threads =
        List.of(
            Thread.ofPlatform().name("observe-table").daemon().start(this::table),
            Thread.ofPlatform().name("observe-hashes").daemon().start(this::hashes));
  }

  static Observer of(Scene scene) {
    return new Observer(scene);
  }

  /** From now on it cannot be right. A look that is under way counts no more either. */
  void disregard(Need need) {
    disregarded.add(need);
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() throws InterruptedException {
    running = false;
    for (Thread thread : threads) {
      thread.join(30_000);
    }
  }

  private void table() {
    @Nullable Connection connection = null;
    while (running) {
      try {
        connection = connection == null ? scene.site().postgres().connect() : connection;
        add(new Seen(Need.TABLE, scene.snapshot(connection)));
      } catch (SQLException | CursorMissing e) {
        close(connection);
        connection = null;
      }
      pause();
    }
    close(connection);
  }

  private void hashes() {
    RedisServer.@Nullable Observer observer = null;
    while (running) {
      try {
        observer = observer == null ? scene.site().redis().observer() : observer;
        add(new Seen(Need.HASHES, scene.snapshot(observer)));
      } catch (IOException | CursorMissing e) {
        close(observer);
        observer = null;
      }
      pause();
    }
    close(observer);
  }

  private void add(Seen look) {
    if (!disregarded.contains(look.need())) {
      seen.add(look);
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

  private void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      running = false;
    }
  }
}
