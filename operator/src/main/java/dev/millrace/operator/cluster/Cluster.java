package dev.millrace.operator.cluster;

import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.kind.StoreClass;
import java.util.concurrent.CountDownLatch;

/** All objects of ours. Safe to share between threads. */
public final class Cluster {
  private final Watched<DataProduct> products = new Watched<>();
  private final Watched<DataSubscription> subscriptions = new Watched<>();
  private final Watched<StoreClass> classes = new Watched<>();
  private final Watched<Store> stores = new Watched<>();
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

  /** Every watch has told what there is. */
  public void complete() {
    told.countDown();
  }

  /** Until then one could take for missing what was not told yet. */
  public void awaitComplete() throws InterruptedException {
    told.await();
  }
}
