package dev.millrace.kubernetes.catalog;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.Resource;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.product.DataProductStatus;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.catalog.control.Mirror;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Watches the kinds of ours and shows in the catalog what there is. */
@Singleton
final class CustomResources {
  private static final Logger LOG = Logger.getLogger(CustomResources.class);

  /** On a Store that a subscription brought along, as the operator writes it. */
  private static final String BROUGHT = "millrace.dev/made-for";

  private final KubernetesClient client;
  private final Mirror mirror;
  private final StoreClasses classes;
  private final Set<String> namespaces;
  private final List<SharedIndexInformer<GenericKubernetesResource>> watches =
      new CopyOnWriteArrayList<>();
  private volatile boolean begun;

  private interface Taker {
    void take(GenericKubernetesResource object) throws Applied.Undecodable;
  }

  /**
   * @param namespaces those that are looked after; empty for all
   */
  @Inject
  CustomResources(
      KubernetesClient client,
      Mirror mirror,
      StoreClasses classes,
      @ConfigProperty(name = "millrace.watched-namespaces") Optional<Set<String>> namespaces) {
    this.client = client;
    this.mirror = mirror;
    this.classes = classes;
    this.namespaces = namespaces.orElse(Set.of());
  }

  /** Returns at once; an API server that does not answer is asked again. */
  void start() {
    Consumer<GenericKubernetesResource> noClass =
        gone -> classes.withdraw(gone.getMetadata().getName());
    begin(
        "StoreClass",
        kind("StoreClass", "storeclasses", false).runnableInformer(0),
        object ->
            classes.offer(
                object.getMetadata().getName(), Applied.spec(object, StoreClassSpec.class)),
        noClass,
        noClass);
    Consumer<GenericKubernetesResource> noProduct = gone -> mirror.productGone(key(gone));
    watch("DataProduct", "dataproducts", this::product, noProduct, noProduct);
    Consumer<GenericKubernetesResource> noStore = gone -> mirror.storeGone(key(gone));
    watch("Store", "stores", this::store, noStore, noStore);
    watch(
        "DataSubscription",
        "datasubscriptions",
        this::subscription,
        unreadable -> mirror.subscriptionHidden(key(unreadable)),
        gone -> mirror.subscriptionGone(key(gone), gone.getMetadata().getUid()));
    begun = true;
  }

  private void product(GenericKubernetesResource object) throws Applied.Undecodable {
    mirror.product(Applied.of(object, DataProductSpec.class, DataProductStatus.class));
  }

  private void store(GenericKubernetesResource object) throws Applied.Undecodable {
    mirror.store(
        Applied.of(object, StoreSpec.class, StoreStatus.class),
        object.getMetadata().getAnnotations() != null
            && object.getMetadata().getAnnotations().containsKey(BROUGHT));
  }

  private void subscription(GenericKubernetesResource object) throws Applied.Undecodable {
    Resource<DataSubscriptionSpec, SubscriptionStatus> subscription =
        Applied.of(object, DataSubscriptionSpec.class, SubscriptionStatus.class);
    DataSubscriptionSpec spec = subscription.spec();
    if (spec == null || spec.store() == null || !isKey(spec.product())) {
      throw new Applied.Undecodable("spec names no product or no store");
    }
    mirror.subscription(subscription);
  }

  private static boolean isKey(String text) {
    try {
      return text != null && ObjectKey.parse(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void watch(
      String kind,
      String plural,
      Taker there,
      Consumer<GenericKubernetesResource> unreadable,
      Consumer<GenericKubernetesResource> gone) {
    var all = kind(kind, plural, true);
    if (namespaces.isEmpty()) {
      begin(kind, all.inAnyNamespace().runnableInformer(0), there, unreadable, gone);
    } else {
      namespaces.forEach(
          each -> begin(kind, all.inNamespace(each).runnableInformer(0), there, unreadable, gone));
    }
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource>>
      kind(String kind, String plural, boolean namespaced) {
    return client.genericKubernetesResources(
        new ResourceDefinitionContext.Builder()
            .withGroup("millrace.dev")
            .withVersion("v1alpha1")
            .withKind(kind)
            .withPlural(plural)
            .withNamespaced(namespaced)
            .build());
  }

  private void begin(
      String kind,
      SharedIndexInformer<GenericKubernetesResource> informer,
      Taker there,
      Consumer<GenericKubernetesResource> unreadable,
      Consumer<GenericKubernetesResource> gone) {
    informer
        .addEventHandler(new Showing(there, unreadable, gone))
        .exceptionHandler((started, e) -> {
          LOG.warnf("watching failed and goes on kind=%s: %s", kind, e.getMessage());
          return true;
        });
    watches.add(informer);
    var unused = informer.start();
  }

  /** All that there was at the beginning is shown. */
  boolean hasSynced() {
    return begun && watches.stream().allMatch(SharedIndexInformer::hasSynced);
  }

  void close() {
    watches.forEach(SharedIndexInformer::stop);
    client.close();
  }

  /** One that cannot be read is not shown, and said to be so; the others are. */
  private record Showing(
      Taker there,
      Consumer<GenericKubernetesResource> unreadable,
      Consumer<GenericKubernetesResource> gone)
      implements ResourceEventHandler<GenericKubernetesResource> {

    @Override
    public void onAdd(GenericKubernetesResource object) {
      try {
        there.take(object);
      } catch (Applied.Undecodable e) {
        LOG.warnf("not shown kind=%s object=%s: %s", object.getKind(), key(object), e.getMessage());
        unreadable.accept(object);
      } catch (RuntimeException e) {
        // As it was before is better than not at all.
        LOG.errorf(e, "a fault of ours kind=%s object=%s", object.getKind(), key(object));
      }
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
      onAdd(object);
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean stateUnknown) {
      gone.accept(object);
    }
  }

  private static ObjectKey key(GenericKubernetesResource object) {
    return new ObjectKey(
        Optional.ofNullable(object.getMetadata().getNamespace()).orElse(""),
        object.getMetadata().getName());
  }
}
