package dev.millrace.operator.debt;

import dev.millrace.needs.reconcile.Due;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Pays a debt when that can be done, and says why it cannot. */
@ControllerConfiguration(name = "debt", informer = @Informer(labelSelector = Debts.LABEL))
public final class DebtReconciler implements Reconciler<Secret> {
  private static final Logger LOG = Logger.getLogger(DebtReconciler.class);

  private static final Duration PASSING = Duration.ofSeconds(5);
  private static final Duration OTHER = Duration.ofSeconds(15);

  private final Cluster cluster;
  private final Debts debts;
  private final Payer payer;

  /** Cleans what is due, by the login of who wrote. */
  public interface Payer {
    void pay(Due due, Credentials writer) throws StoreProblem;
  }

  public DebtReconciler(Cluster cluster, Debts debts, Payer payer) {
    this.cluster = cluster;
    this.debts = debts;
    this.payer = payer;
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
    Due due = debt.get().due();
    try {
      payer.pay(due, debt.get().writer());
      debts.paid(secret);
      LOG.infof(
          "cleaned at last pipeline=%s store=%s",
          due.plan().subscription(), due.plan().target().store());
      return UpdateControl.noUpdate();
    } catch (StoreProblem e) {
      debts.stillOwed(
          secret, new Fault(e.code(), String.valueOf(e.getMessage()), e.remedy(), e.passing()));
      return UpdateControl.<Secret>noUpdate().rescheduleAfter(e.passing() ? PASSING : OTHER);
    }
  }
}
