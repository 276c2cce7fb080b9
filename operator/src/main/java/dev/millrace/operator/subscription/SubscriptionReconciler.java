package dev.millrace.operator.subscription;

import static dev.millrace.api.status.Condition.Types.APPROVED;
import static dev.millrace.api.status.Condition.Types.CREDENTIALS_READY;
import static dev.millrace.api.status.Condition.Types.DEGRADED;
import static dev.millrace.api.status.Condition.Types.READY;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.controller.PlanTopic;
import dev.millrace.controller.ReaderDesk;
import dev.millrace.controller.Sites;
import dev.millrace.controller.StatusTopic;
import dev.millrace.controller.SubscriptionController;
import dev.millrace.needs.reconcile.Due;
import dev.millrace.operator.access.Approvals;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.debt.Debts;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Sentences;
import dev.millrace.operator.store.ClusterOffers;
import dev.millrace.operator.store.StoreReconciler;
import dev.millrace.stores.Engines;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.Vault;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/** Looks at a DataSubscription when something concerns it. */
@ControllerConfiguration(
    name = "datasubscription",
    finalizerName = "millrace.dev/cleanup",
    fieldManager = "millrace-finalizer")
public final class SubscriptionReconciler
    implements Reconciler<DataSubscription>, Cleaner<DataSubscription>, StoreReconciler.Remover {
  private static final Logger LOG = Logger.getLogger(SubscriptionReconciler.class);

  /** kstatus' word for what does not go on before somebody has changed something. */
  private static final String STALLED = "Stalled";

  private static final Duration LOOK_AT_SECRET = Duration.ofSeconds(15);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(15);
  private static final Duration LOOK_AT_NARROWED = Duration.ofSeconds(1);

  /** What may come yet, in whatever order things are applied. */
  private static final Set<String> WAITS =
      Set.of("UnknownProduct", "UnknownStore", "UnknownStoreClass", "ApprovalRequired");

  private final Cluster cluster;
  private final Needs needs;
  private final ClusterBoard board;
  private final SubscriptionController controller;
  private final Bindings bindings;
  private final Rotations rotations;
  private final Approvals approvals;
  private final ClusterAgenda agenda;
  private final Clock clock;

  /**
   * @param plans what workers have; closed by whoever opened it
   * @param status tells the agenda
   * @param comparisons closed by whoever opened it
   * @param patience how long one that goes waits for its store
   */
  public static SubscriptionReconciler of(
      Cluster cluster,
      KubernetesClient client,
      ClusterOffers offers,
      Sites sites,
      Vault vault,
      Engines engines,
      Admin kafka,
      PlanTopic plans,
      StatusTopic status,
      Comparisons comparisons,
      ClusterAgenda agenda,
      Debts debts,
      Approvals approvals,
      Duration patience,
      Clock clock) {
    Needs needs = new Needs(cluster, offers, approvals);
    Rotations rotations = new Rotations(cluster, offers, clock);
    ClusterBoard board =
        new ClusterBoard(
            cluster,
            needs,
            client,
            plans::published,
            comparisons,
            new Headways(status::of, clock),
            new Leaving(debts, vault, patience),
            rotations,
            clock);
    ReaderDesk readers = ReaderDesk.takingTurns(vault);
    return new SubscriptionReconciler(
        cluster,
        needs,
        board,
        new SubscriptionController(
            board, kafka, plans, status, engines, sites, readers, agenda, clock),
        new Bindings(readers, client),
        rotations,
        approvals,
        agenda,
        clock);
  }

  private SubscriptionReconciler(
      Cluster cluster,
      Needs needs,
      ClusterBoard board,
      SubscriptionController controller,
      Bindings bindings,
      Rotations rotations,
      Approvals approvals,
      ClusterAgenda agenda,
      Clock clock) {
    this.approvals = approvals;
    this.rotations = rotations;
    this.cluster = cluster;
    this.needs = needs;
    this.board = board;
    this.controller = controller;
    this.bindings = bindings;
    this.agenda = agenda;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, DataSubscription>> prepareEventSources(
      EventSourceContext<DataSubscription> context) {
    cluster.subscriptions().by(context.getPrimaryCache());
    InformerEventSource<Secret, DataSubscription> published =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Secret.class, DataSubscription.class)
                .withLabelSelector(Bindings.LABEL)
                .withSecondaryToPrimaryMapper(SubscriptionReconciler::owner)
                .build(),
            context);
    return List.of(agenda.source(), published);
  }

  private static Set<ResourceID> owner(Secret secret) {
    return Set.of(
        new ResourceID(
            secret.getMetadata().getLabels().get(Bindings.LABEL),
            secret.getMetadata().getNamespace()));
  }

  @Override
  public UpdateControl<DataSubscription> reconcile(
      DataSubscription subscription, Context<DataSubscription> context)
      throws InterruptedException {
    cluster.awaitComplete();
    ObjectKey key = subscription.key();
    Judgement judgement = needs.judge(subscription);
    if (judgement.need().isEmpty()) {
      refused(subscription, judgement, published(key, context));
    } else if (isSecretTaken(key, context)) {
      refuse(
          subscription,
          List.of(
              new Finding(
                  "/metadata/name",
                  "SecretTaken",
                  "the Secret " + Bindings.name(key) + " is there already, and is somebody else's",
                  "Delete it, or give the subscription another name.")),
          false);
      agenda.addLater(key, LOOK_AT_SECRET);
    } else {
      goOn(subscription, judgement, published(key, context));
    }
    board.showProgress(key).ifPresent(rest -> agenda.addLater(key, rest));
    rotations.rest(subscription).ifPresent(rest -> agenda.addLater(key, rest));
    return UpdateControl.noUpdate();
  }

  /** Nobody reads what is more than is granted by now, before it is built anew. */
  private void goOn(
      DataSubscription subscription, Judgement judgement, Optional<Secret> published) {
    ObjectKey key = subscription.key();
    Optional<Permissions.End> narrowed = end(subscription);
    needs.narrowed(key, narrowed.isPresent());
    if (narrowed.isPresent()) {
      bindings.withdraw(key, published);
      controller.lockOut(key, narrowed.get().token());
    } else {
      controller.permitted(key, judgement.access().flatMap(Judgement.Access::permission));
    }
    controller.reconcile(key);
    if (narrowed.isEmpty() || end(subscription).isEmpty()) {
      board.plan(key).ifPresent(plan -> bindings.publish(subscription, plan, published));
    } else {
      agenda.addLater(key, LOOK_AT_NARROWED);
    }
    Optional<Finding> unused = ask(subscription, judgement);
  }

  private Optional<Permissions.End> end(DataSubscription subscription) {
    return board.running(subscription).flatMap(plan -> end(subscription, plan));
  }

  private Optional<Permissions.End> end(DataSubscription subscription, PipelinePlan plan) {
    return needs.end(subscription, plan, controller.wasPermitted(subscription.key()));
  }

  /**
   * What runs goes on as it was asked for before, unless its product's owner permits it no more:
   * then it stops, and the logins that are known get nobody in. A store that is down is waited for;
   * the Secret goes at once.
   */
  private void refused(
      DataSubscription subscription, Judgement judgement, Optional<Secret> published) {
    ObjectKey key = subscription.key();
    List<Finding> findings = new ArrayList<>(judgement.findings());
    Optional<Permissions.End> end = end(subscription);
    stopShadow(subscription);
    if (end.isPresent()) {
      bindings.withdraw(key, published);
      boolean stopped = controller.stop(key);
      boolean out = controller.lockOut(key, end.get().token());
      findings.removeIf(Permissions::isRefusal);
      findings.add(0, stopped && out ? end.get().why() : Permissions.outstanding(end.get().why()));
    }
    ask(subscription, judgement).ifPresent(findings::add);
    refuse(subscription, findings, end.isPresent());
  }

  /** What is built anew may be of another request than what runs. */
  private void stopShadow(DataSubscription subscription) {
    board
        .shadow(subscription)
        .filter(shadow -> end(subscription, shadow).isPresent())
        .ifPresent(shadow -> controller.stop(shadow.subscription()));
  }

  /**
   * What is not asked yet, and takes back what is not wanted any more.
   *
   * @return why that cannot be done; it is tried again
   */
  private Optional<Finding> ask(DataSubscription subscription, Judgement judgement) {
    try {
      judgement
          .access()
          .ifPresent(access -> approvals.ask(access.product(), access.wanted(), access.answer()));
      if (judgement.access().isEmpty()) {
        String uid = subscription.getMetadata().getUid();
        judgement.need().ifPresent(need -> approvals.takeBack(need.product(), uid));
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      LOG.infof("not asked subscription=%s: %s", subscription.key(), e.getMessage());
      agenda.addLater(subscription.key(), ASK_AGAIN);
      return Optional.of(Permissions.notAsked(String.valueOf(e.getMessage())));
    }
  }

  /** Asked as long as nothing was made. */
  private boolean isSecretTaken(ObjectKey key, Context<DataSubscription> context) {
    return board.plan(key).isEmpty() && published(key, context).isEmpty() && bindings.isTaken(key);
  }

  private static Optional<Secret> published(ObjectKey key, Context<DataSubscription> context) {
    return context.getSecondaryResources(Secret.class).stream()
        .filter(each -> each.getMetadata().getName().equals(Bindings.name(key)))
        .findFirst();
  }

  @Override
  public DeleteControl cleanup(DataSubscription subscription, Context<DataSubscription> context)
      throws InterruptedException {
    cluster.awaitComplete();
    if (board.subscription(subscription.key()).isPresent()) {
      controller.reconcile(subscription.key());
    } else {
      // It never was right, so nothing was made for it; or a crash came just before it was
      // forgotten.
      controller.forgetUnknown(subscription.key());
    }
    if (!board.isForgotten(subscription.key())) {
      return DeleteControl.noFinalizerRemoval();
    }
    board.leaves(subscription);
    approvals.forget(subscription.getMetadata().getUid());
    bindings.withdraw(subscription.key(), published(subscription.key(), context));
    cluster.subscriptions().deleted(subscription.key());
    return DeleteControl.defaultDelete();
  }

  /**
   * What workers have, and nobody knows any more.
   *
   * @param isWatched whether this operator looks after a tenant
   */
  public void retractLeftovers(Predicate<String> isWatched) {
    controller.all().stream()
        .filter(key -> isWatched.test(key.tenant()))
        .filter(key -> cluster.subscriptions().find(key).isEmpty())
        .forEach(controller::reconcile);
  }

  /**
   * Cleans what was left when a subscription went.
   *
   * @param writer as it was then
   */
  public void pay(Due due, Credentials writer) throws StoreProblem {
    controller.pay(due, writer);
  }

  @Override
  public boolean remove(ObjectKey store, Optional<String> server) throws StoreProblem {
    return controller.remove(store, server.filter(at -> !board.isOwed(store, at)));
  }

  @Override
  public boolean keptRows(ObjectKey store) {
    return controller.keptRows(store);
  }

  /**
   * @param stopped it was not let go on
   */
  private void refuse(DataSubscription subscription, List<Finding> findings, boolean stopped) {
    Optional<SubscriptionStatus> before = board.reported(subscription.key());
    boolean runs = !stopped && board.running(subscription).isPresent();
    boolean waits = findings.stream().map(Finding::code).allMatch(WAITS::contains);
    String phase = stopped ? "Stopped" : waits ? "Pending" : "Failed";
    List<Condition> conditions =
        new ArrayList<>(before.map(SubscriptionStatus::conditions).orElse(List.of()));
    turn(conditions, runs ? DEGRADED : READY, runs, findings, subscription.generation());
    if (stopped) {
      conditions.removeIf(condition -> condition.type().equals(DEGRADED));
      turn(conditions, CREDENTIALS_READY, false, findings, subscription.generation());
    }
    if (findings.stream().anyMatch(Permissions::isRefusal)) {
      turn(conditions, APPROVED, false, findings, subscription.generation());
    }
    if (waits) {
      conditions.removeIf(condition -> condition.type().equals(STALLED));
    } else {
      turn(conditions, STALLED, true, findings, subscription.generation());
    }
    controller.unsay(subscription.key());
    board.report(
        subscription.key(),
        new SubscriptionStatus(
            runs ? before.map(SubscriptionStatus::phase).orElse(phase) : phase,
            subscription.generation(),
            List.copyOf(conditions),
            before.map(SubscriptionStatus::store).orElse(null),
            null,
            null,
            controller.honoured(subscription.key()),
            before.map(SubscriptionStatus::rebuild).orElse(null),
            before.map(SubscriptionStatus::lost).orElse(null)));
  }

  private void turn(
      List<Condition> conditions,
      String type,
      boolean so,
      List<Finding> findings,
      long generation) {
    String status = so ? "True" : "False";
    Optional<Condition> same =
        conditions.stream()
            .filter(each -> each.type().equals(type) && each.status().equals(status))
            .findFirst();
    conditions.removeIf(each -> each.type().equals(type));
    conditions.add(
        new Condition(
            type,
            status,
            findings.get(0).code(),
            Sentences.of(findings),
            generation,
            same.map(Condition::lastTransitionTime).orElseGet(clock::instant)));
  }
}
