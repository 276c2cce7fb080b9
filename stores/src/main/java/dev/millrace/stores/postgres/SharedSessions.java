package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sessions of one purpose, a few for each site and login, however many want one: a server has not
 * many to give, and to begin one takes it ten milliseconds. Who comes gets one of his own as long
 * as there are few, and then joins where the fewest are.
 */
final class SharedSessions {
  private final Connections.Purpose purpose;
  private final int most;
  private final Lock lock = new ReentrantLock();
  private final Map<Place, List<SharedSession>> open = new HashMap<>();

  private record Place(StoreSite site, Credentials login, String name) {}

  /**
   * @param most sessions of one site, login and name
   */
  SharedSessions(Connections.Purpose purpose, int most) {
    this.purpose = purpose;
    this.most = most;
  }

  /**
   * Connects, or waits until the others' turns have ended. Who has joined {@linkplain
   * SharedSession#leave leaves}, once.
   *
   * @param name by which the server lists the session; others do not share it
   */
  SharedSession join(StoreSite site, Credentials login, String name) throws SQLException {
    SharedSession session = joined(new Place(site, login, name));
    Object newcomer = new Object();
    try {
      session.inTurn(newcomer, connection -> connection);
      return session;
    } catch (SQLException e) {
      session.leave(newcomer, connection -> {});
      throw e;
    }
  }

  private SharedSession joined(Place place) {
    lock.lock();
    try {
      List<SharedSession> sessions = open.computeIfAbsent(place, any -> new ArrayList<>());
      SharedSession session =
          sessions.size() < most
              ? added(place, sessions)
              : sessions.stream().min(Comparator.comparingInt(each -> each.users)).orElseThrow();
      session.users++;
      return session;
    } finally {
      lock.unlock();
    }
  }

  private SharedSession added(Place place, List<SharedSession> to) {
    SharedSession session =
        new SharedSession(
            this,
            () ->
                Connections.open(
                    place.site(), place.login(), place.site().database(), purpose, place.name()));
    to.add(session);
    return session;
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
