package dev.millrace.stores;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.credentials.Credentials;
import java.util.List;
import java.util.Map;

/** An engine's real server, as the contract suites look at it: past the driver, with own eyes. */
public interface StoreUnderTest {

  StoreDriver driver();

  /** A store on the server with an admin. Need not be prepared. */
  StoreSite site();

  /** Another store on the same server: other name, writer and (where there are any) database. */
  StoreSite anotherSite();

  /** A plan that keeps its rows in {@link #site} under a name of its own. */
  PlanBuilder plan(String name);

  /** The target that {@link #plan} of this name has. */
  PipelinePlan.Target target(String name);

  /** Where a shadow of this plan keeps its rows. */
  PipelinePlan.Target shadowTarget(PipelinePlan live);

  /**
   * Rows and cursors of one moment.
   *
   * @param definition of the cursors, which have to agree on it
   * @param rows as {@link #rowsAs} has them, in any order
   */
  record Moment(long definition, Map<Integer, Long> at, List<Map<String, String>> rows) {}

  /** One who looks often; for one thread. */
  interface Watcher extends AutoCloseable {
    /**
     * @param cursorsFirst whether the cursors are read before the rows or after them, in the same
     *     snapshot
     */
    Moment look(boolean cursorsFirst) throws Exception;
  }

  /**
   * @param ids of all rows that there may be
   */
  Watcher watcher(PipelinePlan plan, List<String> ids) throws Exception;

  /** A login for the reader, as the controller makes it up. */
  default Credentials reader(PipelinePlan plan) {
    return new Credentials(
        plan.subscription().name().replaceAll("[^a-z0-9_]", "_") + "_reader", "secret-of-reader");
  }

  /**
   * Every row, as the given login sees it: column to text, nulls left out. Integers in plain
   * digits, true or false, dates, times and UUIDs as ISO writes them, JSON in any spelling.
   *
   * @throws Exception when the login is refused or may not read
   */
  List<Map<String, String>> rowsAs(Credentials login, PipelinePlan plan) throws Exception;

  /**
   * Tries to change a row with the given login.
   *
   * @throws Exception when that is refused
   */
  void writeAs(Credentials login, PipelinePlan plan) throws Exception;

  /** Ends every connection of the site's writer, as a broken network would. */
  void cutConnections() throws Exception;

  /**
   * Everything there is on the server, one line for each thing: databases, logins with what they
   * may do, schemas, tables, columns, indexes, keys, cursors, dead letters. Two of these are equal
   * only if nothing was added, left behind or changed.
   */
  List<String> inventory() throws Exception;
}
