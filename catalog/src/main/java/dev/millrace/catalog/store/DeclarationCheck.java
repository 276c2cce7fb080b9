package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.needs.name.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everything wrong with a store's spec that shows without connecting to it. */
final class DeclarationCheck {
  private static final List<String> ENGINES = List.of("Postgres", "Redis");
  private static final List<String> TLS = List.of("disable", "require", "verify-full");
  private static final List<String> POLICIES = List.of("Retain", "Delete");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

  private final List<Finding> findings = new ArrayList<>();

  private DeclarationCheck() {}

  /**
   * @param inUse what the spec says now, when subscriptions rely on it
   */
  static List<Finding> check(
      ObjectKey key,
      StoreSpec spec,
      Map<String, StoreClassSpec> classes,
      Optional<StoreSpec> before,
      boolean inUse) {
    DeclarationCheck check = new DeclarationCheck();
    check.name("/metadata/namespace", key.tenant(), "a tenant's");
    check.name("/metadata/name", key.name(), "a store's");
    check.oneOf("/spec/reclaimPolicy", spec.reclaimPolicy(), POLICIES, false);
    check.place(spec, classes, before);
    if (inUse) {
      before.ifPresent(was -> check.unmoved(was, spec));
    }
    return check.findings;
  }

  private void place(
      StoreSpec spec, Map<String, StoreClassSpec> classes, Optional<StoreSpec> before) {
    StoreClassSpec offer = spec.storeClass() == null ? null : classes.get(spec.storeClass());
    if (spec.storeClass() == null) {
      add("/spec/class", "Missing", "a store has a class", "GET /api/v1/storeclasses lists them.");
    } else if (offer == null) {
      add(
          "/spec/class",
          "UnknownStoreClass",
          "there is no store class '" + Refusal.abbreviated(spec.storeClass()) + "'",
          Names.closest(Refusal.abbreviated(spec.storeClass()), classes.keySet())
              .map(near -> "Did you mean '" + near + "'?")
              .orElse("Offered are: " + String.join(", ", classes.keySet()) + "."));
    } else if (offer.engine() == null && spec.connection() == null) {
      add(
          "/spec/connection",
          "StoreNeedsConnection",
          "a store of the class '" + spec.storeClass() + "' is a server that you bring",
          "Add connection: {engine, host, port, database, writer: {username, password}}.");
    } else if (offer.engine() != null && spec.connection() != null) {
      add(
          "/spec/connection",
          "NotTogether",
          "the class '" + spec.storeClass() + "' says itself where its stores are",
          "Remove the connection, or use the class external.");
    }
    if (spec.connection() != null) {
      connection(spec.connection(), before.map(StoreSpec::connection));
    }
  }

  private void connection(StoreSpec.External connection, Optional<StoreSpec.External> before) {
    oneOf("/spec/connection/engine", connection.engine(), ENGINES, true);
    oneOf("/spec/connection/tls", connection.tls(), TLS, false);
    if (connection.host() == null || !HOST.matcher(connection.host()).matches()) {
      add(
          "/spec/connection/host",
          connection.host() == null ? "Missing" : "InvalidName",
          "the connection needs the name or address of a host",
          "Write host: db.example.org.");
    }
    Integer port = connection.port();
    if (port != null && (port < 1 || port > 65535)) {
      add("/spec/connection/port", "OutOfRange", port + " is no port", "Use 1 to 65535.");
    }
    database(connection);
    // A password that is kept goes to the server it was given for, in the way it was given for.
    Optional<StoreSpec.External> there = before.filter(was -> isSamePlace(was, connection));
    account(
        "/spec/connection/writer",
        connection.writer(),
        true,
        there.map(StoreSpec.External::writer));
    account(
        "/spec/connection/reader",
        connection.reader(),
        false,
        there.map(StoreSpec.External::reader));
  }

  private static boolean isSamePlace(StoreSpec.External was, StoreSpec.External is) {
    return Objects.equals(was.engine(), is.engine())
        && Objects.equals(was.host(), is.host())
        && Objects.equals(was.port(), is.port())
        && Objects.equals(was.database(), is.database())
        && Objects.equals(was.tls(), is.tls());
  }

  private void database(StoreSpec.External connection) {
    String database = connection.database();
    boolean redis = "Redis".equals(connection.engine());
    if (!redis && (database == null || database.isBlank() || !printable(database))) {
      add(
          "/spec/connection/database",
          "Missing",
          "a Postgres connection names its database",
          "Write database: NAME.");
    }
    if (redis && database != null && !NUMBER.matcher(database).matches()) {
      add(
          "/spec/connection/database",
          "OutOfRange",
          "a Redis database is a number",
          "Leave it out for 0.");
    }
  }

  private void account(
      String pointer,
      StoreSpec.@Nullable Account account,
      boolean needed,
      Optional<StoreSpec.Account> before) {
    if (account == null) {
      if (needed) {
        add(pointer, "Missing", "workers need a login", "Add writer: {username, password}.");
      }
      return;
    }
    if (account.secret() != null) {
      add(
          pointer + "/secret",
          "NotTogether",
          "a Secret is one of Kubernetes', where this store is not declared",
          "Write username and password.");
    }
    if (account.username() == null
        || account.username().isBlank()
        || !printable(account.username())) {
      add(pointer + "/username", "Missing", "a login has a user name", "Add username.");
    }
    boolean sameUser =
        before.isPresent() && Objects.equals(before.get().username(), account.username());
    if (account.password() == null && !sameUser) {
      add(
          pointer + "/password",
          "Missing",
          "a login has a password",
          "Add it; it is kept encrypted and never given out.");
    }
  }

  private void unmoved(StoreSpec was, StoreSpec is) {
    same("/spec/class", was.storeClass(), is.storeClass());
    if (was.connection() != null && is.connection() != null) {
      same("/spec/connection/engine", was.connection().engine(), is.connection().engine());
      same("/spec/connection/host", was.connection().host(), is.connection().host());
      same("/spec/connection/port", was.connection().port(), is.connection().port());
      same("/spec/connection/database", was.connection().database(), is.connection().database());
      // Those who read have their rights by this name.
      same("/spec/connection/reader", reader(was.connection()), reader(is.connection()));
    }
  }

  private static @Nullable String reader(StoreSpec.External connection) {
    return connection.reader() == null ? null : connection.reader().username();
  }

  private void same(String pointer, @Nullable Object was, @Nullable Object is) {
    if (!Objects.equals(was, is)) {
      add(
          pointer,
          "ImmutableField",
          "subscriptions write to this store where it is",
          "Declare a second store, and move the subscriptions.");
    }
  }

  private void name(String pointer, String name, String whose) {
    if (!Names.isLabel(name)) {
      add(
          pointer,
          "InvalidName",
          "'" + Refusal.abbreviated(name) + "' cannot be " + whose + " name",
          "Use at most 63 small letters, digits and dashes, beginning with a letter.");
    }
  }

  private void oneOf(String pointer, @Nullable String value, List<String> words, boolean needed) {
    if (value == null ? needed : !words.contains(value)) {
      add(
          pointer,
          value == null ? "Missing" : "UnknownValue",
          value == null
              ? "this must be given"
              : "'" + Refusal.abbreviated(value) + "' is not one of " + String.join(", ", words),
          "Use one of " + String.join(", ", words) + ".");
    }
  }

  private static boolean printable(String text) {
    return text.length() <= 200 && text.chars().noneMatch(Character::isISOControl);
  }

  private void add(String pointer, String code, String message, String remedy) {
    findings.add(new Finding(pointer, code, message, remedy));
  }
}
