package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreSite;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions that sinks write by. A subscription whose table was locked, or that was at one
 * statement for too long, gets one of its own until it has written: others would wait with it, at
 * each of its tries.
 */
final class WriterSessions {
  /**
   * More would be at work only with more processors than most servers have, and five workers leave
   * something of the hundred connections that a server has by default.
   */
  private static final int MOST = 16;

  private static final Set<String> WAITED = Set.of("55P03", "57014");

  private final SharedSessions shared = SharedSessions.lasting(Connections.Purpose.WRITE, MOST);

  /** By uid. */
  private final Set<String> slow = ConcurrentHashMap.newKeySet();

  SharedSession join(StoreSite site, PipelinePlan plan, String worker) throws SQLException {
    return slow.contains(plan.uid())
        ? shared.alone(site, site.writer(), worker)
        : shared.join(site, site.writer(), worker);
  }

  void failed(PipelinePlan plan, SQLException e) {
    if (WAITED.contains(e.getSQLState())) {
      slow.add(plan.uid());
    }
  }

  void wrote(PipelinePlan plan) {
    slow.remove(plan.uid());
  }
}
