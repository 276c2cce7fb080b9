package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sessions of one purpose, a few for each site and login, however many want one: a server has not
 * many to give, and to begin one takes it ten milliseconds. Who comes gets one of his own as long
 * as there are few, and then joins where the fewest are.
 */
final class SharedSessions {
  private static final String TOO_MANY = "53";

  private final Connections.Purpose purpose;
  private final int most;
  private final boolean fresh;
  private final Lock lock = new ReentrantLock();
  private final Map<Place, List<SharedSession>> open = new HashMap<>();

  private record Place(StoreSite site, Credentials login, String name) {}

  private SharedSessions(Connections.Purpose purpose, int most, boolean fresh) {
    this.purpose = purpose;
    this.most = most;
    this.fresh = fresh;
  }

  /**
   * @param most sessions of one site, login and name
   */
  static SharedSessions lasting(Connections.Purpose purpose, int most) {
    return new SharedSessions(purpose, most, false);
  }

  /**
   * Who joins gets a session that was begun after that: it is shared by those who came meanwhile.
   */
  static SharedSessions fresh(Connections.Purpose purpose) {
    return new SharedSessions(purpose, 1, true);
  }

  /**
   * Connects, or waits until the others' turns have ended. Who has joined {@linkplain
   * SharedSession#leave leaves}, once.
   *
   * @param name by which the server lists the session; others do not share it
   */
  SharedSession join(StoreSite site, Credentials login, String name) throws SQLException {
    Place place = new Place(site, login, name);
    try {
      return begun(joined(place));
    } catch (SQLException e) {
      Optional<SharedSession> other =
          String.valueOf(e.getSQLState()).startsWith(TOO_MANY) ? another(place) : Optional.empty();
      if (other.isEmpty()) {
        throw e;
      }
      return begun(other.get());
    }
  }

  /** One that nobody else joins: for whom others would have to wait for long. */
  SharedSession alone(StoreSite site, Credentials login, String name) throws SQLException {
    SharedSession session = made(new Place(site, login, name));
    session.users = 1;
    return begun(session);
  }

  private static SharedSession begun(SharedSession session) throws SQLException {
    Object newcomer = new Object();
    boolean begun = false;
    try {
      session.inTurn(newcomer, connection -> connection);
      begun = true;
      return session;
    } finally {
      if (!begun) {
        session.leave(newcomer, connection -> {});
      }
    }
  }

  private SharedSession joined(Place place) {
    lock.lock();
    try {
      List<SharedSession> sessions = open.computeIfAbsent(place, any -> new ArrayList<>());
      if (sessions.size() < most) {
        sessions.add(made(place));
      }
      return joined(sessions).orElseThrow();
    } finally {
      lock.unlock();
    }
  }

  /** Of those that were there before a server had no more to give. */
  private Optional<SharedSession> another(Place place) {
    lock.lock();
    try {
      return joined(open.getOrDefault(place, List.of()));
    } finally {
      lock.unlock();
    }
  }

  private static Optional<SharedSession> joined(List<SharedSession> sessions) {
    Optional<SharedSession> fewest =
        sessions.stream().min(Comparator.comparingInt(session -> session.users));
    fewest.ifPresent(session -> session.users++);
    return fewest;
  }

  private SharedSession made(Place place) {
    return new SharedSession(
        this,
        () ->
            Connections.open(
                place.site(), place.login(), place.site().database(), purpose, place.name()));
  }

  void opened(SharedSession session) {
    if (fresh) {
      retire(session);
    }
  }

  /** Whether nobody is left in it; then nobody comes, either. */
  boolean isLastToLeave(SharedSession session) {
    lock.lock();
    try {
      session.users--;
      if (session.users == 0) {
        retire(session);
      }
      return session.users == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody joins it any more. */
  void retire(SharedSession session) {
    lock.lock();
    try {
      open.values().removeIf(sessions -> sessions.remove(session) && sessions.isEmpty());
    } finally {
      lock.unlock();
    }
  }
}
