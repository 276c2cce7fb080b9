package dev.millrace.catalog.control;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.store.Binding;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.needs.check.Need;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Provisions nothing and remembers what it was asked. */
@Singleton
public final class FakeProvisioning implements Provisioning {
  public static final String PASSWORD = "reader-pass-7f3a";
  private static final String RIGHT_PASSWORD = "writer-pass-91cc";

  /** Stores whose accounts are kept. */
  public final Map<ObjectKey, StoreSpec> accounts = new ConcurrentHashMap<>();

  /** Subscriptions whose store counts as made. */
  public final Set<ObjectKey> provisioned = ConcurrentHashMap.newKeySet();

  private final Set<ObjectKey> revealed = ConcurrentHashMap.newKeySet();

  @Override
  public Map<String, StoreClassSpec> classes() {
    return Map.of(
        "postgres-embedded",
        new StoreClassSpec(
            "A database", "Postgres", "Embedded", "127.0.0.1:5432", null, null, null, null, null),
        "redis-embedded",
        new StoreClassSpec(
            "Keys", "Redis", "Embedded", "127.0.0.1:6379", null, null, null, null, null),
        "external",
        new StoreClassSpec("Your own", null, "External", null, null, null, null, null, null));
  }

  @Override
  public List<Finding> check(Need need) {
    return need
        .table()
        .filter(table -> table.name().equals("pg_unfit"))
        .map(table -> new Finding("/spec/store/table/name", "NameReserved", "not that", "Another."))
        .stream()
        .toList();
  }

  @Override
  public String describe(Need need) {
    return "create table " + need.table().map(t -> t.schema() + "." + t.name()).orElse("-");
  }

  @Override
  public List<WriteWay> ways(String engine) {
    return List.of(new WriteWay("Copy", engine + " by COPY"));
  }

  @Override
  public List<Finding> probe(ObjectKey store, StoreSpec spec, Optional<StoreSpec> before) {
    StoreSpec.Account writer = spec.connection().writer();
    String password = writer.password();
    if (password == null && accounts.containsKey(store)) {
      password = accounts.get(store).connection().writer().password();
    }
    return RIGHT_PASSWORD.equals(password)
        ? List.of()
        : List.of(
            new Finding(
                "/spec/connection", "CredentialsRejected", "the login failed", "Correct it."));
  }

  @Override
  public void keepAccounts(ObjectKey store, StoreSpec spec) {
    if (spec.connection().writer().password() != null) {
      accounts.put(store, spec);
    }
  }

  @Override
  public void forgetAccounts(ObjectKey store) {
    accounts.remove(store);
  }

  @Override
  public Binding binding(ObjectKey subscription) throws CredentialsRefused {
    checkProvisioned(subscription);
    return binding(subscription, null);
  }

  private void checkProvisioned(ObjectKey subscription) throws CredentialsRefused {
    if (!provisioned.contains(subscription)) {
      throw new CredentialsRefused("NotProvisioned", "not yet", "Wait.", false);
    }
  }

  @Override
  public Binding reveal(ObjectKey subscription) throws CredentialsRefused {
    checkProvisioned(subscription);
    if (!revealed.add(subscription)) {
      throw new CredentialsRefused("AlreadyRevealed", "shown before", "Rotate.", false);
    }
    return binding(subscription, PASSWORD);
  }

  @Override
  public Binding rotate(ObjectKey subscription) throws CredentialsRefused {
    if (!provisioned.contains(subscription)) {
      throw new CredentialsRefused("StoreUnavailable", "away", "Try again.", true);
    }
    return binding(subscription, PASSWORD);
  }

  private Binding binding(ObjectKey subscription, String password) {
    return new Binding(
        "postgresql",
        "127.0.0.1",
        5432,
        "db",
        "reader",
        password,
        "postgresql://reader@127.0.0.1:5432/db",
        null,
        "public." + subscription.name(),
        revealed.contains(subscription));
  }
}
