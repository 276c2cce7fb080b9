package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.needs.reconcile.Due;
import dev.millrace.needs.reconcile.Fault;
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

  /**
   * Subscriptions of which nothing is left to be cleaned, by their uids; a board may hear a little
   * later that they have gone.
   */
  private final Map<String, ObjectKey> gone = new ConcurrentHashMap<>();

  /** Stores that were removed, and whether rows are to stay where they were. */
  private final Map<ObjectKey, Boolean> keeping = new ConcurrentHashMap<>();

  public StoreWork(Board board, Engines engines, Sites sites) {
    this.board = board;
    this.engines = engines;
    this.sites = sites;
  }

  void provision(DesiredSubscription desired, PipelinePlan plan, Reader reader)
      throws StoreProblem {
    ObjectKey store = desired.need().store();
    StoreDriver driver = driver(plan);
    synchronized (turn(store)) {
      // Within: who removes a Store forgets its login.
      StoreSpec spec = Planning.storeSpec(board, desired.need());
      // What a crash leaves half made, or a refusal, has an owner, who knows where it is.
      board.placedStore(store, spec, statusOf(sites.site(store, spec)));
      sites.checkIsUp(store, spec);
      // Only now: the login of a server of its own is made with it.
      StoreSite site = sites.site(store, spec);
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
    ObjectKey store = shadow.target().store();
    synchronized (turn(store)) {
      Optional<Due> due = dueOfShadow(shadow);
      if (due.isPresent()) {
        driver(shadow).withdraw(sites.site(store, due.get().store()), shadow, false);
      }
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
      Optional<Due> due = due(desired, plan);
      if (due.isPresent() && goesWithServer(due.get())) {
        forget(store);
      } else if (due.isPresent()) {
        StoreSite site = sites.site(store, due.get().store());
        retain(desired, due.get());
        driver(plan).withdraw(site, plan, due.get().keepData());
        // Somebody may have come to it meanwhile.
        if (due(desired, plan).map(Due::removeStore).orElse(false)) {
          driver(plan).remove(site);
          forget(store);
        }
      }
      nothingIsLeftOf(desired);
    }
  }

  /** All that is there goes with the server, which may not even be up. */
  private boolean goesWithServer(Due due) {
    return due.removeStore() && sites.hasOwnServer(due.plan().target().store(), due.store());
  }

  /** As far as it goes; what has only changed its store goes on using one. */
  private void nothingIsLeftOf(DesiredSubscription desired) {
    if (desired.deleting()) {
      gone.put(desired.uid(), desired.key());
    }
  }

  /**
   * Has what {@link #drop} or {@link #withdraw} could not do written down.
   *
   * @param plan the subscription's, or its shadow's
   * @return whether it is; then a Store that is to go is forgotten
   */
  boolean owes(DesiredSubscription desired, PipelinePlan plan, Fault why) {
    ObjectKey store = desired.need().store();
    synchronized (turn(store)) {
      boolean shadow = !plan.subscription().equals(desired.key());
      Optional<Due> written =
          (shadow ? dueOfShadow(plan) : due(desired, plan))
              .flatMap(due -> board.owes(desired, due, why));
      written.ifPresent(due -> retain(desired, due));
      if (written.isPresent() && !shadow) {
        nothingIsLeftOf(desired);
      }
      if (written.map(Due::removeStore).orElse(false)) {
        forget(store);
      }
      return written.isPresent();
    }
  }

  /**
   * Does what was written down. A Store of the same name that is there again keeps its part of the
   * server, and its login.
   *
   * @param writer as it was then
   */
  void pay(Due due, Credentials writer) throws StoreProblem {
    ObjectKey store = due.plan().target().store();
    synchronized (turn(store)) {
      if (sites.isGone(due, board.store(store))) {
        return;
      }
      StoreSite site = sites.owed(due, board.store(store), writer);
      driver(due.plan()).withdraw(site, due.plan(), due.keepData());
      if (due.removeStore()
          && !board.isThereAgain(store, due.plan().uid())
          && !board.isKept(store)) {
        driver(due.plan()).remove(site);
      }
    }
  }

  /** Of a Store that may go itself one day, or its server, it is written down first. */
  private void retain(DesiredSubscription desired, Due due) {
    boolean mayGo =
        "Delete".equals(due.store().reclaimPolicy())
            || sites.hasOwnServer(desired.need().store(), due.store());
    if (due.keepData() && mayGo) {
      board.retains(desired.need().store(), desired.key());
    }
  }

  /**
   * Removes what a Store that is being deleted has of the server, when it was declared so and
   * nobody's rows are to stay. From then on nothing is made in it any more.
   *
   * @param server where it was made; empty when nothing is to be removed there
   * @return false while somebody uses it
   */
  boolean remove(ObjectKey store, Optional<String> server) throws StoreProblem {
    synchronized (turn(store)) {
      if (board.isRemoved(store)) {
        return true;
      }
      if (!board.storeUsers(store).isEmpty()) {
        return false;
      }
      Optional<StoreSpec> spec = board.store(store).filter(StoreWork::isOursToDelete);
      if (server.isPresent()
          && spec.isPresent()
          && !sites.hasOwnServer(store, spec.get())
          && !board.isKept(store)) {
        StoreSite site = sites.leaving(store, spec.get(), server.get());
        engines.driver(site.engine()).orElseThrow().remove(site);
      }
      forget(store);
      return true;
    }
  }

  private static boolean isOursToDelete(StoreSpec spec) {
    return spec.connection() == null && "Delete".equals(spec.reclaimPolicy());
  }

  /** The login that was made up for a Store that never came to be. */
  void forgetUnmade(DesiredSubscription desired) {
    ObjectKey store = desired.need().store();
    synchronized (turn(store)) {
      nothingIsLeftOf(desired);
      if (board.store(store).isEmpty() && isLast(desired)) {
        sites.forgetAccounts(store);
      }
    }
  }

  /**
   * Whether rows are to stay where a Store was that is removed: as it was then, for a board may
   * forget it a little earlier than it hears of it.
   */
  boolean keptRows(ObjectKey store) {
    return keeping.getOrDefault(store, true);
  }

  private void forget(ObjectKey store) {
    keeping.put(store, board.isKept(store));
    board.storeForgotten(store, () -> sites.forgetAccounts(store));
  }

  /** Empty when its Store is gone, and with it all there was. */
  private Optional<Due> due(DesiredSubscription desired, PipelinePlan plan) {
    ObjectKey store = desired.need().store();
    boolean keep = desired.need().reclaimPolicy().equals("Retain");
    boolean brought = desired.need().newStoreClass().isPresent();
    // What is wanted kept now counts, whatever was when the Store was brought along.
    boolean goes =
        !keep && isLast(desired) && board.goesWithLast(store, brought) && !board.isKept(store);
    return board.store(store).map(spec -> new Due(plan, keep, spec, goes && isOursToDelete(spec)));
  }

  private boolean isLast(DesiredSubscription desired) {
    gone.entrySet().removeIf(each -> !isThere(each.getValue(), each.getKey()));
    return board.storeUsers(desired.need().store()).stream()
        .filter(user -> !user.equals(desired.key()))
        .allMatch(gone::containsValue);
  }

  /** One of the same name that was made anew has another uid. */
  private boolean isThere(ObjectKey subscription, String uid) {
    return board.uid(subscription).filter(uid::equals).isPresent();
  }

  private Optional<Due> dueOfShadow(PipelinePlan shadow) {
    return board.store(shadow.target().store()).map(spec -> new Due(shadow, false, spec, false));
  }

  private StoreDriver driver(PipelinePlan plan) {
    return engines.driver(plan.target().engine()).orElseThrow();
  }

  private StoreSite siteOf(PipelinePlan plan) throws StoreProblem {
    ObjectKey store = plan.target().store();
    StoreSpec spec =
        board
            .store(store)
            .orElseThrow(() ->
                new StoreProblem(
                    "UnknownStore",
                    "there is no store " + store + " any more",
                    "Make it anew, or delete the subscription.",
                    false));
    return sites.site(store, spec);
  }

  private static StoreStatus statusOf(StoreSite site) {
    return new StoreStatus(
        site.engine(), site.host(), site.port(), site.database(), null, List.of());
  }
}
