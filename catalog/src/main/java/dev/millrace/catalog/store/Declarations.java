package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.catalog.access.Caller;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.catalog.document.Incoming;
import dev.millrace.catalog.document.Versions;
import dev.millrace.catalog.problem.Refusal;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Declares stores, changes and removes them. Passwords go past the journal to whoever provisions.
 */
@Singleton
final class Declarations {
  private final Stores stores;
  private final StoreUsers users;
  private final Provisioning provisioning;
  private final Event<StoreChanged> changed;

  @Inject
  Declarations(
      Stores stores, StoreUsers users, Provisioning provisioning, Event<StoreChanged> changed) {
    this.stores = stores;
    this.users = users;
    this.provisioning = provisioning;
    this.changed = changed;
  }

  StoreRecord put(Incoming<StoreSpec> incoming, Versions versions, Caller caller, boolean dryRun) {
    ObjectKey key = incoming.key();
    Optional<StoreRecord> now = stores.find(key);
    versions.check(
        now.map(store -> OptionalLong.of(store.generation())).orElse(OptionalLong.empty()));
    boolean used = isUsed(key);
    check(incoming, now, used);
    Supplier<StoreCommand> command =
        () ->
            new StoreCommand.Declare(
                key,
                withoutPasswords(incoming.spec()),
                UUID.randomUUID().toString(),
                now,
                used == isUsed(key),
                renewed(incoming.spec()),
                versions);
    return dryRun
        ? stores.tried(key, command.get())
        : record(key, incoming.spec(), now, caller, command);
  }

  private boolean isUsed(ObjectKey key) {
    return !users.writersTo(key).isEmpty();
  }

  /**
   * Passwords are kept when it is decided and before it is written down: a store that is there can
   * always be logged in to, and one that is refused replaces nobody's login.
   */
  private StoreRecord record(
      ObjectKey key,
      StoreSpec spec,
      Optional<StoreRecord> now,
      Caller caller,
      Supplier<StoreCommand> command) {
    Runnable accepted =
        () -> {
          if (spec.connection() != null) {
            provisioning.keepAccounts(key, spec);
          }
        };
    StoreRecord then = stores.decide(key, caller.name(), command, accepted).orElseThrow();
    if (now.isPresent() && !isSamePlace(now.get().spec(), then.spec())) {
      stores.forgetReport(key);
    }
    changed.fire(new StoreChanged(key));
    return then;
  }

  /** What was reported of it says where it is, and its reclaim policy does not change that. */
  private static boolean isSamePlace(StoreSpec was, StoreSpec is) {
    return Objects.equals(was.storeClass(), is.storeClass())
        && Objects.equals(was.connection(), is.connection());
  }

  void remove(ObjectKey key, Versions versions, Caller caller) {
    stores.decide(
        key, caller.name(), () -> new StoreCommand.Remove(key, versions, users.writersTo(key)));
    stores.forgetReport(key);
    provisioning.forgetAccounts(key);
  }

  private void check(Incoming<StoreSpec> incoming, Optional<StoreRecord> now, boolean used) {
    List<Finding> findings = new ArrayList<>(incoming.findings());
    Optional<StoreSpec> before = now.map(StoreRecord::spec);
    findings.addAll(
        DeclarationCheck.check(
            incoming.key(), incoming.spec(), provisioning.classes(), before, used));
    if (now.isEmpty() && used) {
      findings.add(
          new Finding(
              "/metadata/name",
              "StoreNameTaken",
              "the subscription of this name brings a store of its own along",
              "Choose another name for the store."));
    }
    // Nobody is connected to on behalf of a spec that is wrong anyway.
    if (findings.isEmpty() && incoming.spec().connection() != null) {
      findings.addAll(provisioning.probe(incoming.key(), incoming.spec(), before));
    }
    if (!findings.isEmpty()) {
      throw Refusal.invalid(findings);
    }
  }

  static StoreSpec withoutPasswords(StoreSpec spec) {
    StoreSpec.External connection = spec.connection();
    return connection == null
        ? spec
        : new StoreSpec(
            spec.storeClass(),
            new StoreSpec.External(
                connection.engine(),
                connection.host(),
                connection.port(),
                connection.database(),
                connection.tls(),
                withoutPassword(connection.writer()),
                withoutPassword(connection.reader())),
            spec.reclaimPolicy());
  }

  private static StoreSpec.@Nullable Account withoutPassword(StoreSpec.@Nullable Account account) {
    return account == null ? null : new StoreSpec.Account(account.username(), null, null);
  }

  private static String renewed(StoreSpec spec) {
    if (spec.connection() == null) {
      return "";
    }
    return Stream.of("writer", "reader")
        .filter(role -> {
          StoreSpec.Account account =
              role.equals("writer") ? spec.connection().writer() : spec.connection().reader();
          return account != null && account.password() != null;
        })
        .collect(Collectors.joining(" and "));
  }
}
