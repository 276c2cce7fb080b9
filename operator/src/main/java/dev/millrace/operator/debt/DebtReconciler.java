package dev.millrace.operator.debt;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.reconcile.Due;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** Pays a debt when that can be done, and says why it cannot. */
@ControllerConfiguration(name = "debt", informer = @Informer(labelSelector = Debts.LABEL))
public final class DebtReconciler implements Reconciler<Secret> {
  private static final Logger LOG = Logger.getLogger(DebtReconciler.class);

  private static final Duration SOONEST = Duration.ofSeconds(5);
  private static final Duration LATEST = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Debts debts;
  private final Predicate<String> isWatched;
  private final Payer payer;
  private final Clock clock;

  /** Cleans what is due, by the login of who wrote. */
  public interface Payer {
    void pay(Due due, Credentials writer) throws StoreProblem;
  }

  /**
   * @param isWatched whether this operator looks after a tenant
   */
  public DebtReconciler(
      Cluster cluster, Debts debts, Predicate<String> isWatched, Payer payer, Clock clock) {
    this.cluster = cluster;
    this.debts = debts;
    this.isWatched = isWatched;
    this.payer = payer;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, Secret>> prepareEventSources(EventSourceContext<Secret> context) {
    debts.by(context.getPrimaryCache());
    return List.of();
  }

  @Override
  public UpdateControl<Secret> reconcile(Secret secret, Context<Secret> context)
      throws InterruptedException {
    // A Store that nobody has told of yet may be there again.
    cluster.awaitComplete();
    Optional<Debts.Debt> debt = Debts.read(secret);
    if (debt.isEmpty()) {
      return UpdateControl.noUpdate();
    }
    Optional<Fault> hindrance = hindrance(debt.get());
    if (hindrance.isPresent()) {
      debts.stillOwed(secret, hindrance.get());
      return UpdateControl.<Secret>noUpdate().rescheduleAfter(pause(secret));
    }
    debts.paid(secret);
    PipelinePlan plan = debt.get().due().plan();
    LOG.infof("cleaned at last pipeline=%s store=%s", plan.subscription(), plan.target().store());
    return UpdateControl.noUpdate();
  }

  /** Pays it; what kept it from that. */
  private Optional<Fault> hindrance(Debts.Debt debt) {
    ObjectKey store = debt.due().plan().target().store();
    if (!isWatched.test(store.tenant())) {
      // Whether its Store is there again nobody here can tell.
      return Optional.of(
          new Fault(
              "NamespaceNotWatched",
              "the namespace " + store.tenant() + " is not looked after any more",
              "Have it looked after until this is cleaned, or clean it by hand.",
              false));
    }
    if (debt.due().removeStore() && debts.hasAnother(debt.due())) {
      return Optional.of(
          new Fault(
              "OthersFirst",
              "something else is to be cleaned in the store " + store,
              "Nothing: the store goes last.",
              true));
    }
    try {
      payer.pay(debt.due(), debt.writer());
      return Optional.empty();
    } catch (StoreProblem e) {
      return Optional.of(
          new Fault(e.code(), String.valueOf(e.getMessage()), e.remedy(), e.passing()));
    }
  }

  /** The older, the longer: a server that never comes back must not keep threads busy. */
  private Duration pause(Secret secret) {
    Instant made = Instant.parse(secret.getMetadata().getCreationTimestamp());
    Duration tenth = Duration.between(made, clock.instant()).dividedBy(10);
    return tenth.compareTo(SOONEST) < 0 ? SOONEST : tenth.compareTo(LATEST) > 0 ? LATEST : tenth;
  }
}
