package dev.millrace.operator.cluster;

import dev.millrace.operator.kind.AccessRequest;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.kind.StoreClass;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** All objects of ours. Safe to share between threads. */
public final class Cluster {
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Watched<DataProduct> products = new Watched<>(ended::get);
  private final Watched<DataSubscription> subscriptions = new Watched<>(ended::get);
  private final Watched<StoreClass> classes = new Watched<>(ended::get);
  private final Watched<Store> stores = new Watched<>(ended::get);
  private final Watched<AccessRequest> accessRequests = new Watched<>(ended::get);
  private final CountDownLatch told = new CountDownLatch(1);

  public Watched<DataProduct> products() {
    return products;
  }

  public Watched<DataSubscription> subscriptions() {
    return subscriptions;
  }

  public Watched<StoreClass> classes() {
    return classes;
  }

  public Watched<Store> stores() {
    return stores;
  }

  public Watched<AccessRequest> accessRequests() {
    return accessRequests;
  }

  /** Every watch has told what there is. */
  public void complete() {
    told.countDown();
  }

  /** Until then one could take for missing what was not told yet. */
  public void awaitComplete() throws InterruptedException {
    told.await();
  }

  /** From now on nobody may take for missing what watches that end forget. */
  public void end() {
    ended.set(true);
  }
}
