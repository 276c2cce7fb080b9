package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Waits until nobody reads any more in a snapshot that was taken before the wait began, as {@code
 * CREATE INDEX CONCURRENTLY} does. A name is looked up in the newest catalogue, but rows are seen
 * as the snapshot has them: someone with an older one would see a table that was moved to this name
 * as it was while it was still being loaded.
 *
 * <p>Where the login may not see what others do, every transaction of theirs in this database
 * counts, with or without a snapshot.
 */
final class OlderSnapshots {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_MILLIS = 25;

  private static final String OPEN =
      """
      SELECT l.pid || ' ' || l.virtualtransaction || ' ' || coalesce(a.backend_xmin::text, '')
      FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.granted
        AND a.datid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND a.usesysid IS NOT NULL AND a.pid <> pg_backend_pid()
        AND (a.state IS NULL OR a.backend_xmin IS NOT NULL)\
      """;

  private final Connection connection;

  private OlderSnapshots(Connection connection) {
    this.connection = connection;
  }

  /**
   * @throws StoreProblem TableLocked when it takes too long
   */
  static void await(StoreSite site) throws StoreProblem {
    Credentials login = site.admin().orElse(site.writer());
    Problems problems = new Problems(site, login.username());
    try (Connection connection =
        Connections.open(
            site, login, site.database(), Connections.Purpose.PROVISION, "controller")) {
      Set<String> left = new OlderSnapshots(connection).left();
      if (!left.isEmpty()) {
        throw open(left);
      }
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  /** Those that were there at the beginning and did not end. */
  private Set<String> left() throws SQLException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Set<String> left = open();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return left;
      }
      left.retainAll(open());
    }
    return left;
  }

  private Set<String> open() throws SQLException {
    Set<String> open = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(OPEN)) {
      while (row.next()) {
        open.add(row.getString(1));
      }
    }
    return open;
  }

  private static StoreProblem open(Set<String> left) {
    Set<String> processes = new TreeSet<>();
    left.forEach(each -> processes.add(each.substring(0, each.indexOf(' '))));
    return new StoreProblem(
        "TableLocked",
        "transactions are open that began before the rebuild had caught up, of the processes "
            + String.join(", ", processes),
        "End them; pg_stat_activity shows whose they are. It is tried again by itself.",
        true);
  }
}
