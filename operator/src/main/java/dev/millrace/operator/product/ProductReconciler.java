package dev.millrace.operator.product;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.product.DataProductStatus;
import dev.millrace.api.status.Condition;
import dev.millrace.needs.check.ProductCheck;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.cluster.Events;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Sentences;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Gives a product its topic. It claims the topic's name in its status first, and then makes it: so
 * one that is there already, and was not claimed, is somebody else's.
 */
@ControllerConfiguration(
    name = "dataproduct",
    finalizerName = "millrace.dev/cleanup",
    fieldManager = "millrace-finalizer")
public final class ProductReconciler implements Reconciler<DataProduct>, Cleaner<DataProduct> {
  private static final Duration AGAIN = Duration.ofSeconds(5);

  /** Asks nobody but the cache. */
  private static final Duration STILL_IN_USE = Duration.ofMillis(500);

  private final Cluster cluster;
  private final Topics topics;
  private final Applying applying;
  private final Events events;
  private final Function<ObjectKey, List<ObjectKey>> users;
  private final Consumer<ObjectKey> changed;
  private final Clock clock;

  /**
   * @param users the subscriptions of a product
   * @param changed told of a product that may be another now
   */
  public static ProductReconciler of(
      Cluster cluster,
      Admin kafka,
      KubernetesClient client,
      Function<ObjectKey, List<ObjectKey>> users,
      Consumer<ObjectKey> changed,
      Clock clock) {
    return new ProductReconciler(
        cluster,
        new Topics(kafka),
        new Applying(client),
        new Events(client, clock),
        users,
        changed,
        clock);
  }

  private ProductReconciler(
      Cluster cluster,
      Topics topics,
      Applying applying,
      Events events,
      Function<ObjectKey, List<ObjectKey>> users,
      Consumer<ObjectKey> changed,
      Clock clock) {
    this.cluster = cluster;
    this.topics = topics;
    this.applying = applying;
    this.events = events;
    this.users = users;
    this.changed = changed;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, DataProduct>> prepareEventSources(
      EventSourceContext<DataProduct> context) {
    cluster.products().by(context.getPrimaryCache());
    return List.of();
  }

  @Override
  public UpdateControl<DataProduct> reconcile(DataProduct product, Context<DataProduct> context)
      throws InterruptedException {
    cluster.awaitComplete();
    changed.accept(product.key());
    try {
      DataProductSpec spec = product.spec(DataProductSpec.class);
      List<Finding> findings = ProductCheck.check(product.key(), spec, Optional.empty());
      if (!findings.isEmpty()) {
        Finding first = findings.get(0);
        report(product, status(product), false, first.code(), Sentences.of(findings));
        return UpdateControl.noUpdate();
      }
      return settle(product, spec);
    } catch (Kind.Undecodable e) {
      report(product, nothing(), false, "Undecodable", e.getMessage());
      return UpdateControl.noUpdate();
    }
  }

  private UpdateControl<DataProduct> settle(DataProduct product, DataProductSpec spec) {
    String name = ProductCheck.topicName(product.key(), spec);
    DataProductStatus before = status(product);
    Optional<DataProduct> other = claimant(product, name);
    if (other.isPresent()) {
      report(
          product,
          before,
          false,
          "TopicTaken",
          "The topic " + name + " is " + other.get().key() + "'s. Name another in spec.topic.");
      return UpdateControl.<DataProduct>noUpdate().rescheduleAfter(AGAIN);
    }
    try {
      Optional<Topics.Topic> topic = topics.find(name);
      boolean claimed = name.equals(before.topic());
      if (topic.isPresent() && !claimed) {
        report(
            product,
            before,
            false,
            "TopicNeedsAdmin",
            "The topic "
                + name
                + " is there already, and its events may be someone's own. Name another in"
                + " spec.topic.");
        return UpdateControl.<DataProduct>noUpdate().rescheduleAfter(AGAIN);
      }
      if (topic.isEmpty() && before.topicId() != null) {
        report(
            product,
            before,
            false,
            "TopicMissing",
            "The topic " + name + " is gone. Restore it, or delete the product.");
        return UpdateControl.<DataProduct>noUpdate().rescheduleAfter(AGAIN);
      }
      if (topic.isEmpty()) {
        report(
            product,
            claiming(name),
            false,
            "TopicPending",
            "The topic " + name + " is being made.");
        topics.create(name, ProductCheck.partitions(spec), ProductCheck.retention(spec));
        topic = topics.find(name);
      }
      if (topic.isEmpty()) {
        return UpdateControl.<DataProduct>noUpdate().rescheduleAfter(AGAIN);
      }
      report(
          product,
          new DataProductStatus(name, topic.get().id(), topic.get().partitions(), null, null, null),
          true,
          "TopicReady",
          "The topic is there.");
      return UpdateControl.noUpdate();
    } catch (Topics.Refused e) {
      report(
          product,
          before,
          false,
          "TopicRefused",
          "Kafka does not take the topic: " + e.getMessage() + " Change spec.topic.");
      return UpdateControl.<DataProduct>noUpdate().rescheduleAfter(AGAIN);
    } catch (Topics.Unavailable e) {
      report(product, before, false, "KafkaUnavailable", e.getMessage() + ". It is tried again.");
      return UpdateControl.<DataProduct>noUpdate().rescheduleAfter(AGAIN);
    }
  }

  /** The one that has the topic: who claimed it, or among those who did not the oldest. */
  private Optional<DataProduct> claimant(DataProduct product, String topic) {
    return cluster.products().all().stream()
        .filter(each -> !each.key().equals(product.key()))
        .filter(each -> topic.equals(topicOf(each)))
        .filter(each -> has(each, topic) || (!has(product, topic) && isBefore(each, product)))
        .findFirst();
  }

  private static boolean has(DataProduct product, String topic) {
    return topic.equals(status(product).topic());
  }

  private static boolean isBefore(DataProduct one, DataProduct other) {
    return Comparator.<DataProduct, String>comparing(
                each -> each.getMetadata().getCreationTimestamp())
            .thenComparing(Kind::key)
            .compare(one, other)
        < 0;
  }

  private static @Nullable String topicOf(DataProduct product) {
    try {
      return ProductCheck.topicName(product.key(), product.spec(DataProductSpec.class));
    } catch (Kind.Undecodable e) {
      return null;
    }
  }

  /** Not while subscriptions read it; the topic stays with its events. */
  @Override
  public DeleteControl cleanup(DataProduct product, Context<DataProduct> context)
      throws InterruptedException {
    cluster.awaitComplete();
    List<ObjectKey> left = users.apply(product.key());
    if (left.isEmpty()) {
      cluster.products().deleted(product.key());
      return DeleteControl.defaultDelete();
    }
    report(
        product,
        status(product),
        false,
        "InUse",
        "It goes when its subscriptions have gone: " + left + ".");
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(STILL_IN_USE);
  }

  private static DataProductStatus nothing() {
    return new DataProductStatus(null, null, null, null, null, null);
  }

  private static DataProductStatus claiming(String topic) {
    return new DataProductStatus(topic, null, null, null, null, null);
  }

  private static DataProductStatus status(DataProduct product) {
    try {
      return product.status(DataProductStatus.class).orElseGet(ProductReconciler::nothing);
    } catch (Kind.Undecodable e) {
      return nothing();
    }
  }

  /** Written when it is another. */
  private void report(
      DataProduct product, DataProductStatus about, boolean ready, String reason, String message) {
    DataProductStatus before =
        cluster.products().find(product.key()).map(ProductReconciler::status).orElse(nothing());
    String word = ready ? "True" : "False";
    Optional<Condition> same =
        Optional.ofNullable(before.conditions()).orElse(List.of()).stream()
            .filter(each -> each.type().equals(Condition.Types.READY) && each.status().equals(word))
            .findFirst();
    DataProductStatus now =
        new DataProductStatus(
            about.topic(),
            about.topicId(),
            about.partitions(),
            null,
            null,
            List.of(
                new Condition(
                    Condition.Types.READY,
                    word,
                    reason,
                    message,
                    product.generation(),
                    same.map(Condition::lastTransitionTime).orElseGet(clock::instant))));
    if (Objects.equals(now, before)) {
      return;
    }
    boolean isNew = ready && !Objects.equals(before.topicId(), about.topicId());
    DataProduct object = new DataProduct();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(product.key().tenant())
            .withName(product.key().name())
            .build());
    object.setStatus(Json.STRICT.valueToTree(now));
    cluster.products().wrote(applying.applyStatus(object));
    events.tell(
        product,
        Optional.ofNullable(before.conditions()).orElse(List.of()),
        Optional.ofNullable(now.conditions()).orElse(List.of()),
        condition -> !condition.isTrue() && !condition.reason().equals("TopicPending"));
    if (isNew) {
      // Those who waited for the topic need not wait until they look again.
      changed.accept(product.key());
    }
  }
}
