package dev.millrace.operator.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.needs.reconcile.Due;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.operator.debt.Debts;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.stores.credentials.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How a subscription goes whose store does not let it be cleaned. */
final class Leaving {
  private final Debts debts;
  private final Vault vault;
  private final Duration patience;

  /**
   * @param patience how long it waits for its store
   */
  Leaving(Debts debts, Vault vault, Duration patience) {
    this.debts = debts;
    this.vault = vault;
    this.patience = patience;
  }

  boolean isLong(DataSubscription subscription, Instant now) {
    String asked = subscription.getMetadata().getDeletionTimestamp();
    return asked != null && !now.isBefore(Instant.parse(asked).plus(patience));
  }

  Optional<Due> owe(Due due, Fault why) {
    return debts.owe(due, why, vault.credentials(due.plan().target().writer()));
  }

  boolean isOwed(String uid) {
    return debts.isOwed(uid);
  }

  boolean keepsRows(ObjectKey store) {
    return debts.keep(store);
  }

  boolean removes(ObjectKey store, String server) {
    return debts.removes(store, server);
  }
}
