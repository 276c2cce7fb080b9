package dev.millrace.needs.reconcile;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a controller has to make true, and where it reports: the catalog, or custom resources of
 * Kubernetes. Safe to share between threads. What is written here is kept when the call returns and
 * is there after a restart.
 */
public interface Board {

  /**
   * Since when its reader's password is to be changed by a schedule, where there is one. What was
   * honoured of this or a later moment is not asked again.
   */
  default Optional<Instant> rotationDue(ObjectKey subscription) {
    return Optional.empty();
  }

  /** Every subscription there is, those being deleted too. */
  Collection<ObjectKey> subscriptions();

  /**
   * Empty when it was never there or has been forgotten.
   *
   * @throws java.util.concurrent.CancellationException nobody can tell any more, for this
   *     controller ends
   */
  Optional<DesiredSubscription> subscription(ObjectKey key);

  /**
   * Calls back with the key of each subscription whose spec changed, that is to be deleted, or
   * whose product or store changed. From any thread; the callback must not block.
   *
   * @return close it to hear no more
   */
  AutoCloseable watch(Consumer<ObjectKey> changed);

  /** What was reported last, before a restart too. */
  Optional<SubscriptionStatus> reported(ObjectKey key);

  /** Of whoever has that name, whether or not what it wants is right. */
  default Optional<String> uid(ObjectKey subscription) {
    return subscription(subscription).map(DesiredSubscription::uid);
  }

  /** Conditions, phase and bound store; progress and partitions are the board's own business. */
  void report(ObjectKey key, SubscriptionStatus status);

  /** The plan that workers now have: where progress begins and ends is in it. */
  void boundPlan(ObjectKey key, PipelinePlan plan);

  /** All of a deleted subscription is cleaned; only its entries in the journal stay. */
  void forgotten(ObjectKey key);

  /**
   * Has what a pipeline wrote compared with its stream. Returns at once.
   *
   * @return what to ask for it by; empty when the question could not be asked now
   */
  Optional<String> compare(ObjectKey pipeline);

  /** What came of it so far; {@code UNKNOWN} when it came to nothing, or a restart forgot it. */
  Shadow.Verdict comparison(ObjectKey pipeline, String id);

  /** Empty also when it was removed and only goes: {@link #isRemoved}. */
  Optional<StoreSpec> store(ObjectKey store);

  /**
   * Writes down, before anything is made there, where a Store's part of the server will be; and the
   * Store itself, when a subscription brings it along. What is written down already stays.
   */
  void placedStore(ObjectKey store, StoreSpec spec, StoreStatus status);

  void reportStore(ObjectKey store, StoreStatus status);

  /** The subscriptions that write to the Store, those being deleted too. */
  Collection<ObjectKey> storeUsers(ObjectKey store);

  /**
   * The Store was removed.
   *
   * @param logins what forgets its logins: called when nobody new can come to it, and before it is
   *     forgotten itself; should either fail, nothing was forgotten, and it is asked again
   */
  void storeForgotten(ObjectKey store, Runnable logins);

  /**
   * Writes down what cannot be cleaned now, so that a subscription that is being deleted can go.
   * What is written down is cleaned when that can be done, by whoever keeps it.
   *
   * @param why it cannot be cleaned
   * @return what is written down of the pipeline, perhaps since before; empty when nothing is, or
   *     not yet: the subscription waits then
   */
  default Optional<Due> owes(DesiredSubscription desired, Due due, Fault why) {
    return Optional.empty();
  }

  /** Whether that is written down of a pipeline: then nothing is left to do for it. */
  default boolean isOwed(String uid) {
    return false;
  }

  /**
   * Somebody's rows are to stay in this store: of a subscription that has gone, or by what is
   * written down.
   */
  default boolean isKept(ObjectKey store) {
    return false;
  }

  /** A subscription that goes leaves its rows in this store, and no deletion may take them. */
  default void retains(ObjectKey store, ObjectKey subscription) {}

  /**
   * Whether the Store goes with its last subscription: any brought it along, or it is being deleted
   * itself.
   *
   * @param brought the last one wanted a Store brought along
   */
  default boolean goesWithLast(ObjectKey store, boolean brought) {
    return brought;
  }

  /** The Store is there still, but was removed ({@link #storeForgotten}): it only goes. */
  default boolean isRemoved(ObjectKey store) {
    return false;
  }

  /**
   * A Store of that name is there, and not the one that goes with a pipeline.
   *
   * @param uid of the pipeline
   */
  default boolean isThereAgain(ObjectKey store, String uid) {
    return store(store).isPresent();
  }
}
