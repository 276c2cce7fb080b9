package dev.millrace.operator.store;

import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.kind.StoreClass;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;
import java.util.function.Consumer;

/** Tells those who wait for a class that it is there, or another. */
@ControllerConfiguration(name = "storeclass")
public final class ClassReconciler implements Reconciler<StoreClass> {
  private final Cluster cluster;
  private final Consumer<String> changed;

  /**
   * @param changed told of a class that may be another now, by name
   */
  public ClassReconciler(Cluster cluster, Consumer<String> changed) {
    this.cluster = cluster;
    this.changed = changed;
  }

  @Override
  public List<EventSource<?, StoreClass>> prepareEventSources(
      EventSourceContext<StoreClass> context) {
    cluster.classes().by(context.getPrimaryCache());
    return List.of();
  }

  @Override
  public UpdateControl<StoreClass> reconcile(StoreClass offered, Context<StoreClass> context)
      throws InterruptedException {
    cluster.awaitComplete();
    changed.accept(offered.getMetadata().getName());
    return UpdateControl.noUpdate();
  }
}
