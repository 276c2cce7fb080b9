package dev.millrace.provisioner;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreSite;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real server of one engine, that can be stopped, killed and set back. What is in it is read past
 * the driver.
 */
interface EngineServer extends AutoCloseable {

  StoreDriver driver();

  /** One store on the server, with an admin. */
  StoreSite site();

  /** Where a subscription of this name keeps its rows. */
  PipelinePlan.Target target(String name);

  /** Every row of a {@link TestPlan} in Upsert. */
  Map<StoreKey, List<@Nullable Object>> rows(PipelinePlan plan) throws Exception;

  /** Behind Millrace's back: writes the row of a {@link TestPlan} as somebody else would. */
  void put(PipelinePlan plan, long id, String name, int total) throws Exception;

  /** Behind Millrace's back: takes the row of this key away. */
  void delete(PipelinePlan plan, long id) throws Exception;

  /** How many events the cursors count, flushed or not. */
  long read(PipelinePlan plan) throws Exception;

  /** Follows how far these have come, flushed or not, over one connection that stays open. */
  Positions positions(List<PipelinePlan> plans) throws Exception;

  /** For one thread. */
  interface Positions {
    /** For each plan, in their order, the next offset of each partition. */
    long[][] now() throws Exception;
  }

  /** Takes a cursor away, as a store that lost it would show itself. */
  void loseCursor(PipelinePlan plan, int partition) throws Exception;

  /** In order, as for an upgrade. */
  void stop();

  /** Nothing that was only in the server's memory lasts. */
  void kill() throws Exception;

  /** On the same address and data. */
  void start();

  /** Keeps a copy of the data. The server is stopped. */
  void backUp() throws Exception;

  /** Puts the copy in place of the data. The server is stopped. */
  void restore() throws Exception;

  @Override
  void close();
}
