package dev.millrace.operator;

import dev.millrace.controller.PlanTopic;
import dev.millrace.controller.PlatformTopics;
import dev.millrace.controller.Sites;
import dev.millrace.controller.StatusTopic;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.cluster.Users;
import dev.millrace.operator.credentials.SecretVault;
import dev.millrace.operator.product.ProductReconciler;
import dev.millrace.operator.store.ClassReconciler;
import dev.millrace.operator.store.ClusterOffers;
import dev.millrace.operator.store.StoreReconciler;
import dev.millrace.operator.subscription.ClusterAgenda;
import dev.millrace.operator.subscription.SubscriptionReconciler;
import dev.millrace.stores.Engines;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/** The operator and all it works with, as one thing to start and to close. */
public final class MillraceOperator implements AutoCloseable {
  private final Operator operator;
  private final ClusterAgenda agenda;
  private final SecretVault vault;
  private final PlanTopic plans;
  private final StatusTopic status;
  private final Admin kafka;

  private MillraceOperator(
      Operator operator,
      ClusterAgenda agenda,
      SecretVault vault,
      PlanTopic plans,
      StatusTopic status,
      Admin kafka) {
    this.operator = operator;
    this.agenda = agenda;
    this.vault = vault;
    this.plans = plans;
    this.status = status;
    this.kafka = kafka;
  }

  /**
   * Returns when it looks after what there is.
   *
   * @param client stays open
   * @throws PlatformTopics.NotMade when the event store does not answer, or does not permit it
   */
  public static MillraceOperator start(
      OperatorSettings settings, KubernetesClient client, Engines engines)
      throws PlatformTopics.NotMade {
    PlatformTopics.create(settings.kafka());
    Admin kafka = Admin.create(settings.kafka());
    PlanTopic plans = PlanTopic.open(settings.kafka());
    ClusterAgenda agenda = new ClusterAgenda();
    StatusTopic status = new StatusTopic(settings.kafka(), agenda);
    SecretVault vault = SecretVault.open(client, settings.namespace());
    Cluster cluster = new Cluster();
    ClusterOffers offers = new ClusterOffers(cluster.classes());
    Users users = new Users(cluster);
    Operator operator =
        new Operator(configuration ->
            configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false));
    SubscriptionReconciler subscriptions =
        SubscriptionReconciler.of(
            cluster,
            client,
            offers,
            vault,
            engines,
            kafka,
            plans,
            status,
            agenda,
            Clock.systemUTC());
    register(operator, settings, subscriptions);
    register(
        operator,
        settings,
        ProductReconciler.of(
            cluster,
            kafka,
            client,
            users::ofProduct,
            product -> users.ofProduct(product).forEach(agenda::add),
            Clock.systemUTC()));
    register(
        operator,
        settings,
        new StoreReconciler(
            cluster,
            new Sites(offers, vault),
            client,
            users::ofStore,
            store -> users.ofStore(store).forEach(agenda::add)));
    operator.register(
        new ClassReconciler(cluster, name -> users.ofClass(name).forEach(agenda::add)));
    operator.start();
    cluster.complete();
    subscriptions.retractLeftovers();
    return new MillraceOperator(operator, agenda, vault, plans, status, kafka);
  }

  private static <P extends HasMetadata> void register(
      Operator operator, OperatorSettings settings, Reconciler<P> reconciler) {
    operator.register(
        reconciler,
        controller -> {
          if (!settings.namespaces().isEmpty()) {
            controller.settingNamespaces(settings.namespaces());
          }
        });
  }

  @Override
  public void close() {
    operator.stop();
    agenda.close();
    status.close();
    plans.close();
    vault.close();
    kafka.close(Duration.ofSeconds(1));
  }
}
