package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Engines;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The steps that touch a store, by its engine's driver. */
public final class StoreWork {
  private final Board board;
  private final Engines engines;
  private final Sites sites;
  private final Map<ObjectKey, Object> turns = new ConcurrentHashMap<>();

  public StoreWork(Board board, Engines engines, Sites sites) {
    this.board = board;
    this.engines = engines;
    this.sites = sites;
  }

  void provision(DesiredSubscription desired, PipelinePlan plan, Reader reader)
      throws StoreProblem {
    ObjectKey store = desired.need().store();
    StoreSpec spec = Planning.storeSpec(board, desired.need());
    StoreSite site = sites.site(store, spec);
    StoreDriver driver = driver(plan);
    synchronized (turn(store)) {
      // The Store is written down first: what a crash leaves half made still has an owner.
      if (board.store(store).isEmpty()) {
        board.createdStore(store, spec, statusOf(site));
      }
      driver.prepare(site);
      driver.provision(site, plan, reader);
      board.reportStore(store, statusOf(site));
    }
  }

  /**
   * In a store one thing is made or taken away at a time: two would make the same database and
   * role, and a server does not take two grants to one database at once.
   */
  private Object turn(ObjectKey store) {
    return turns.computeIfAbsent(store, key -> new Object());
  }

  /** All history up to the cutover is in the store, safe from its crash, seen with fresh eyes. */
  boolean historyIsIn(PipelinePlan plan) throws StoreProblem {
    List<Cursor> cursors = driver(plan).cursors(siteOf(plan), plan);
    return cursors.size() == plan.cutover().size()
        && cursors.stream()
            .allMatch(cursor -> cursor.nextOffset() >= plan.cutover().get(cursor.partition()));
  }

  /** Where the cursors of a pipeline stand. */
  Map<Integer, Long> places(PipelinePlan plan) throws StoreProblem {
    Map<Integer, Long> places = new TreeMap<>();
    for (Cursor cursor : driver(plan).cursors(siteOf(plan), plan)) {
      places.put(cursor.partition(), cursor.nextOffset());
    }
    return places;
  }

  void checkSwap(PipelinePlan live, PipelinePlan next) throws StoreProblem {
    driver(live).checkSwap(siteOf(live), live, next);
  }

  void swap(PipelinePlan live, PipelinePlan shadow, PipelinePlan next) throws StoreProblem {
    driver(live).swap(siteOf(live), live, shadow, next);
  }

  void checkAlter(PipelinePlan next) throws StoreProblem {
    driver(next).checkAlter(siteOf(next), next);
  }

  void alter(PipelinePlan next) throws StoreProblem {
    driver(next).alter(siteOf(next), next);
  }

  /** What a shadow had there; a Store that went with its last subscription has nothing of it. */
  void drop(PipelinePlan shadow) throws StoreProblem {
    if (board.store(shadow.target().store()).isPresent()) {
      driver(shadow).withdraw(siteOf(shadow), shadow, false);
    }
  }

  /** The store takes the reader's new password. */
  public void rotate(PipelinePlan plan, Credentials reader) throws StoreProblem {
    driver(plan).rotate(siteOf(plan), plan, reader);
  }

  /** The subscription's part first; then the Store's, when this was its last subscription. */
  void withdraw(DesiredSubscription desired, PipelinePlan plan) throws StoreProblem {
    ObjectKey store = desired.need().store();
    synchronized (turn(store)) {
      Optional<StoreSpec> spec = board.store(store);
      if (spec.isPresent()) {
        withdraw(desired, plan, spec.get());
      }
    }
  }

  private void withdraw(DesiredSubscription desired, PipelinePlan plan, StoreSpec spec)
      throws StoreProblem {
    ObjectKey store = desired.need().store();
    StoreSite site = sites.site(store, spec);
    StoreDriver driver = driver(plan);
    boolean keep = desired.need().reclaimPolicy().equals("Retain");
    driver.withdraw(site, plan, keep);
    boolean last = board.storeUsers(store).stream().allMatch(desired.key()::equals);
    boolean ours = desired.need().newStoreClass().isPresent();
    // What it wants kept now counts, whatever it wanted when it brought the Store along.
    if (!keep && last && ours && "Delete".equals(spec.reclaimPolicy())) {
      driver.remove(site);
      sites.forgetAccounts(store);
      board.storeForgotten(store);
    }
  }

  private StoreDriver driver(PipelinePlan plan) {
    return engines.driver(plan.target().engine()).orElseThrow();
  }

  private StoreSite siteOf(PipelinePlan plan) throws StoreProblem {
    ObjectKey store = plan.target().store();
    return sites.site(store, board.store(store).orElseThrow());
  }

  private static StoreStatus statusOf(StoreSite site) {
    return new StoreStatus(
        site.engine(), site.host(), site.port(), site.database(), null, List.of());
  }
}
