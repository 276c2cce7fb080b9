package dev.millrace.operator;

import dev.millrace.controller.PlanTopic;
import dev.millrace.controller.PlatformTopics;
import dev.millrace.controller.Sites;
import dev.millrace.controller.StatusTopic;
import dev.millrace.operator.access.AccessReconciler;
import dev.millrace.operator.access.Approvals;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.cluster.Users;
import dev.millrace.operator.debt.DebtReconciler;
import dev.millrace.operator.debt.Debts;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.pool.Load;
import dev.millrace.operator.pool.Pool;
import dev.millrace.operator.product.ProductReconciler;
import dev.millrace.operator.store.ClassReconciler;
import dev.millrace.operator.store.ClusterOffers;
import dev.millrace.operator.store.Servers;
import dev.millrace.operator.store.StoreReconciler;
import dev.millrace.operator.subscription.ClusterAgenda;
import dev.millrace.operator.subscription.Comparisons;
import dev.millrace.operator.subscription.SubscriptionReconciler;
import dev.millrace.stores.Engines;
import dev.millrace.stores.credentials.SecretVault;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/** The operator and all it works with, as one thing to start and to close. */
public final class MillraceOperator implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(MillraceOperator.class);
  private static final Duration STEPS_END = Duration.ofSeconds(5);
  private static final Duration REPORTS_COME = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** In the order of their opening. */
  private final List<AutoCloseable> opened = new ArrayList<>();

  private final Cluster cluster = new Cluster();
  private final Debts debts;

  private MillraceOperator(Debts debts) {
    this.debts = debts;
  }

  /**
   * Returns when it looks after what there is.
   *
   * @param client stays open
   * @throws PlatformTopics.NotMade when the event store does not answer, or does not permit it
   * @throws org.apache.kafka.common.KafkaException when it does not answer any more
   */
  public static MillraceOperator start(
      OperatorSettings settings, KubernetesClient client, Engines engines)
      throws PlatformTopics.NotMade, InterruptedException {
    PlatformTopics.create(settings.kafka());
    MillraceOperator started = new MillraceOperator(Debts.open(client, settings.namespace()));
    try {
      started.open(settings, client, engines);
      return started;
    } catch (RuntimeException | InterruptedException e) {
      started.close();
      throw e;
    }
  }

  private void open(OperatorSettings settings, KubernetesClient client, Engines engines)
      throws InterruptedException {
    Clock clock = Clock.systemUTC();
    Admin kafka = kept(Admin.create(settings.kafka()));
    PlanTopic plans = kept(PlanTopic.open(settings.kafka()));
    ClusterAgenda agenda = kept(new ClusterAgenda());
    StatusTopic status = kept(new StatusTopic(settings.kafka(), agenda));
    Comparisons comparisons = kept(Comparisons.open(settings.kafka(), clock));
    SecretVault vault =
        kept(
            SecretVault.open(
                client, settings.namespace(), settings.workers(), settings.servers().namespace()));
    Servers servers = new Servers(client, vault, settings.servers());
    ClusterOffers offers = new ClusterOffers(cluster.classes(), servers);
    // One: it makes logins up once.
    Sites sites = new Sites(offers, vault);
    Users users = new Users(cluster);
    Approvals approvals = new Approvals(cluster, client, clock);
    Operator operator =
        new Operator(configuration ->
            configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withReconciliationTerminationTimeout(STEPS_END)
                .checkingCRDAndValidateLocalModel(false));
    opened.add(operator::stop);
    opened.add(cluster::end);
    SubscriptionReconciler subscriptions =
        SubscriptionReconciler.of(
            cluster,
            client,
            offers,
            sites,
            vault,
            engines,
            kafka,
            plans,
            status,
            comparisons,
            agenda,
            debts,
            approvals,
            settings.patience(),
            clock);
    register(operator, settings.namespaces(), subscriptions);
    register(
        operator,
        settings.namespaces(),
        new AccessReconciler(cluster, approvals, client, isWatched(settings), agenda::add, clock));
    register(
        operator,
        Set.of(settings.namespace()),
        new DebtReconciler(cluster, debts, isWatched(settings), subscriptions::pay, clock));
    register(
        operator,
        settings.namespaces(),
        ProductReconciler.of(
            cluster,
            kafka,
            client,
            users::ofProduct,
            product -> users.ofProduct(product).forEach(agenda::add),
            clock));
    StoreReconciler stores =
        new StoreReconciler(
            cluster,
            sites,
            servers,
            offers,
            client,
            store -> users.ofStore(store).forEach(agenda::add),
            subscriptions,
            settings.patience(),
            clock);
    register(operator, settings.namespaces(), stores);
    operator.register(
        new ClassReconciler(
            cluster,
            name -> {
              users.ofClass(name).forEach(agenda::add);
              stores.lookAtClass(name);
            }));
    if (!status.awaitSeen(REPORTS_COME)) {
      LOG.warn("what workers reported is not known yet; it is gone on without");
    }
    operator.start();
    cluster.complete();
    subscriptions.retractLeftovers(isWatched(settings));
    settings
        .pool()
        .ifPresent(pool -> kept(Pool.start(client, pool, () -> load(plans, status), clock)));
  }

  private Load load(PlanTopic plans, StatusTopic status) {
    return Load.of(cluster.subscriptions().all().stream().map(Kind::key).toList(), plans, status);
  }

  /** Asks nobody but what it remembers. */
  public Census census() {
    return Census.of(cluster, debts.count());
  }

  private <T extends AutoCloseable> T kept(T each) {
    opened.add(each);
    return each;
  }

  private static Predicate<String> isWatched(OperatorSettings settings) {
    return tenant -> settings.namespaces().isEmpty() || settings.namespaces().contains(tenant);
  }

  /** What fails is tried again for as long as it is there. */
  private static <P extends HasMetadata> void register(
      Operator operator, Set<String> namespaces, Reconciler<P> reconciler) {
    operator.register(
        reconciler,
        controller -> {
          controller.withRetry(
              GenericRetry.defaultLimitedExponentialRetry()
                  .withoutMaxAttempts()
                  .setMaxInterval(LONGEST_PAUSE.toMillis()));
          if (!namespaces.isEmpty()) {
            controller.settingNamespaces(namespaces);
          }
        });
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.warnf("not closed in order: %s", e.toString());
      }
    }
  }
}
