package dev.millrace.standalone.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.store.Binding;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.catalog.control.CredentialsRefused;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.controller.Drafts;
import dev.millrace.controller.ReaderDesk;
import dev.millrace.controller.Sites;
import dev.millrace.controller.StoreWork;
import dev.millrace.needs.check.Need;
import dev.millrace.stores.Engines;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Answers the catalog from what this process keeps and reaches. */
final class LocalProvisioning implements Provisioning {
  private static final String CONNECTION = "/spec/connection";

  private final StoreClasses classes;
  private final Engines engines;
  private final Drafts drafts;
  private final Sites sites;
  private final StoreWork stores;
  private final ReaderDesk readers;
  private final Function<ObjectKey, Optional<PipelinePlan>> published;

  LocalProvisioning(
      StoreClasses classes,
      Engines engines,
      Sites sites,
      StoreWork stores,
      ReaderDesk readers,
      Function<ObjectKey, Optional<PipelinePlan>> published) {
    this.classes = classes;
    this.engines = engines;
    this.drafts = new Drafts(engines);
    this.sites = sites;
    this.stores = stores;
    this.readers = readers;
    this.published = published;
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
    Optional<StoreDriver> driver =
        Optional.ofNullable(spec.connection())
            .map(StoreSpec.External::engine)
            .flatMap(engines::driver);
    if (driver.isEmpty()) {
      return List.of();
    }
    Optional<StoreSite> site = sites.declared(store, spec);
    if (site.isEmpty()) {
      return List.of(
          new Finding(
              CONNECTION + "/writer/password",
              "Missing",
              "the writer's password is not given and none is kept",
              "Give it; it is kept encrypted and never shown."));
    }
    try {
      driver.get().probe(site.get());
      return List.of();
    } catch (StoreProblem e) {
      return List.of(new Finding(CONNECTION, e.code(), String.valueOf(e.getMessage()), e.remedy()));
    }
  }

  @Override
  public void keepAccounts(ObjectKey store, StoreSpec spec) {
    sites.keepAccounts(store, spec);
  }

  @Override
  public void forgetAccounts(ObjectKey store) {
    sites.forgetAccounts(store);
  }

  @Override
  public Binding binding(ObjectKey subscription) throws CredentialsRefused {
    return published
        .apply(subscription)
        .flatMap(plan -> readers.binding(plan, false))
        .orElseThrow(() -> notProvisioned(subscription));
  }

  @Override
  public Binding reveal(ObjectKey subscription) throws CredentialsRefused {
    PipelinePlan plan = provisioned(subscription);
    return readers
        .reveal(plan)
        .orElseThrow(() ->
            new CredentialsRefused(
                "AlreadyRevealed",
                "the password of " + subscription + "'s reader was shown already",
                "POST …/credentials/rotate for a new one.",
                false));
  }

  @Override
  public Binding rotate(ObjectKey subscription) throws CredentialsRefused {
    PipelinePlan plan = provisioned(subscription);
    try {
      if (!readers.rotate(plan, renewed -> stores.rotate(plan, renewed))) {
        throw new CredentialsRefused(
            "ReaderBrought",
            "the reader of " + plan.target().store() + " was brought with the store",
            "Change its password there, then PUT the store with the new one.",
            false);
      }
    } catch (StoreProblem e) {
      throw new CredentialsRefused(
          e.code(), String.valueOf(e.getMessage()), e.remedy(), e.passing());
    }
    return readers.revealAgain(plan);
  }

  private PipelinePlan provisioned(ObjectKey subscription) throws CredentialsRefused {
    return published
        .apply(subscription)
        .filter(plan -> readers.binding(plan, false).isPresent())
        .orElseThrow(() -> notProvisioned(subscription));
  }

  private static CredentialsRefused notProvisioned(ObjectKey subscription) {
    return new CredentialsRefused(
        "NotProvisioned",
        "the store of " + subscription + " is not made yet",
        "Wait for the condition Provisioned; its message says what is in the way.",
        false);
  }
}
