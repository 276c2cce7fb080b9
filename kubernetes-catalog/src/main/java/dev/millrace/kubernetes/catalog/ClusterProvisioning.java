package dev.millrace.kubernetes.catalog;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.store.Binding;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.catalog.control.CredentialsRefused;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.catalog.problem.ReadOnly;
import dev.millrace.controller.Drafts;
import dev.millrace.needs.check.Need;
import dev.millrace.stores.Engines;
import dev.millrace.stores.postgres.PostgresDriver;
import dev.millrace.stores.redis.RedisDriver;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the catalog as far as it may know: it offers what the cluster offers, and logins are the
 * operator's, who keeps them in Secrets that the catalog may not read.
 */
final class ClusterProvisioning implements Provisioning {
  private final StoreClasses classes;
  private final Drafts drafts =
      new Drafts(new Engines(List.of(new PostgresDriver(), new RedisDriver())));

  ClusterProvisioning(StoreClasses classes) {
    this.classes = classes;
  }

  @Override
  public Map<String, StoreClassSpec> classes() {
    return classes.all();
  }

  @Override
  public List<Finding> check(Need need) {
    return drafts.check(need);
  }

  @Override
  public String describe(Need need) {
    return drafts.describe(need);
  }

  @Override
  public List<WriteWay> ways(String engine) {
    return drafts.ways(engine);
  }

  @Override
  public List<Finding> probe(ObjectKey store, StoreSpec spec, Optional<StoreSpec> before) {
    throw ReadOnly.refusal();
  }

  @Override
  public void keepAccounts(ObjectKey store, StoreSpec spec) {
    throw ReadOnly.refusal();
  }

  @Override
  public void forgetAccounts(ObjectKey store) {
    throw ReadOnly.refusal();
  }

  @Override
  public Binding binding(ObjectKey subscription) throws CredentialsRefused {
    throw inSecret(subscription);
  }

  @Override
  public Binding reveal(ObjectKey subscription) throws CredentialsRefused {
    throw inSecret(subscription);
  }

  @Override
  public Binding rotate(ObjectKey subscription) throws CredentialsRefused {
    throw inSecret(subscription);
  }

  private static CredentialsRefused inSecret(ObjectKey subscription) {
    String secret = subscription.name() + "-credentials";
    return new CredentialsRefused(
        "InSecret",
        "how a reader of "
            + subscription
            + " connects is in the Secret '"
            + secret
            + "' of the namespace '"
            + subscription.tenant()
            + "'",
        "kubectl get secret "
            + secret
            + " -n "
            + subscription.tenant()
            + ", or mount it; a new password comes with another token under spec.requests.rotate.",
        false);
  }
}
