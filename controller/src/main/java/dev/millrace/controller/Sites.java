package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Condition;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.needs.plan.Place;
import dev.millrace.needs.reconcile.Due;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.Vault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where stores are and who logs in there: from a Store's spec to an address and credentials. */
public final class Sites {
  /** Of databases, roles and users. */
  static final int LONGEST_NAME = 63;

  static final int SHORT_DIGEST = 4;

  private static final Credentials NOBODY_YET = new Credentials("", "");

  private final Offers offers;
  private final Vault vault;

  public Sites(Offers offers, Vault vault) {
    this.offers = offers;
    this.vault = vault;
  }

  /**
   * The writer's login is made up here the first time a Store is looked at, and kept. The admin's
   * of a server of its own is made with that, so it is nobody's before.
   *
   * @throws StoreProblem StoreClassMissing
   */
  StoreSite site(ObjectKey store, StoreSpec spec) throws StoreProblem {
    if (spec.connection() != null) {
      return brought(store, spec.connection(), writer(store));
    }
    return offered(store, spec, () -> writer(store));
  }

  /** Whether a Store has its server for itself, with which all goes that is there. */
  boolean hasOwnServer(ObjectKey store, StoreSpec spec) {
    return spec.connection() == null
        && offers.hasOwnServer(store, String.valueOf(spec.storeClass()));
  }

  /**
   * Returns when the server of a Store can be asked, as far as it is made for that Store.
   *
   * @throws StoreProblem StoreStarting
   */
  void checkIsUp(ObjectKey store, StoreSpec spec) throws StoreProblem {
    if (hasOwnServer(store, spec)) {
      offers.checkIsUp(store);
    }
  }

  /** The login that a Store's own server begins with; once, and for no other Store. */
  public void makeAdmin(ObjectKey store, StoreSpec spec) {
    if (hasOwnServer(store, spec)) {
      offers
          .find(String.valueOf(spec.storeClass()))
          .ifPresent(offer ->
              made(
                  offers.admin(store, offer),
                  "Postgres".equals(offer.engine()) ? "postgres" : "default"));
    }
  }

  /** Where a Store of a class is. */
  public StoreStatus at(ObjectKey store, StoreClassSpec offer, List<Condition> conditions) {
    String server = offers.server(store, offer);
    int colon = server.lastIndexOf(':');
    return new StoreStatus(
        offer.engine(),
        server.substring(0, colon),
        Integer.parseInt(server.substring(colon + 1)),
        database(store, offer),
        null,
        conditions);
  }

  /**
   * Where a Store of a class is that goes; no login is made up for it.
   *
   * @param server where it was made
   * @throws StoreProblem StoreClassMissing, also when the class is elsewhere now; PermissionMissing
   */
  StoreSite leaving(ObjectKey store, StoreSpec spec, String server) throws StoreProblem {
    String name = String.valueOf(spec.storeClass());
    checkIsAt(store, server, name, offers.find(name).orElseThrow(() -> classMissing(store, name)));
    return offered(
        store,
        spec,
        () ->
            vault
                .credentials(writerReference(store))
                .orElseGet(() -> new Credentials(writerName(store), "")));
  }

  Place place(StoreSite site, Optional<String> hashKey) {
    return new Place(
        site.store(),
        site.host(),
        site.port(),
        site.database(),
        site.tls(),
        writerReference(site.store()),
        hashKey);
  }

  static String writerReference(ObjectKey store) {
    return "writer/" + store;
  }

  static String readerReference(ObjectKey subscription) {
    return "reader/" + subscription;
  }

  static String externalReaderReference(ObjectKey store) {
    return "external/" + store + "/reader";
  }

  /**
   * Where something is still to be cleaned. It is asked for at the address that the plan has, and
   * with nothing that is meant for another: a class that has gone, or is elsewhere now, is waited
   * for.
   *
   * @param there the Store of that name, when one is there (again)
   * @param then the writer's login as it was when the plan ended
   * @throws StoreProblem StoreClassMissing, PermissionMissing
   */
  StoreSite owed(Due due, Optional<StoreSpec> there, Credentials then) throws StoreProblem {
    PipelinePlan.Target at = due.plan().target();
    Credentials writer =
        there
            .flatMap(now -> place(at.store(), now))
            .filter(place(at)::equals)
            .flatMap(same -> vault.credentials(writerReference(at.store())))
            .orElse(then);
    if (due.store().connection() != null) {
      return owed(at, Optional.empty(), writer);
    }
    String name = String.valueOf(due.store().storeClass());
    StoreClassSpec offer = offers.find(name).orElseThrow(() -> classMissing(at.store(), name));
    checkIsAt(at.store(), at.host() + ":" + at.port(), name, offer);
    return owed(at, Optional.of(admin(at.store(), name, offer)), writer);
  }

  /** What the class has elsewhere is another's. */
  private void checkIsAt(ObjectKey store, String server, String name, StoreClassSpec offer)
      throws StoreProblem {
    String now = offers.server(store, offer);
    if (!server.equals(now)) {
      throw new StoreProblem(
          "StoreClassMissing",
          "what is left of the store "
              + store
              + " is at "
              + server
              + ", and the class "
              + name
              + " is at "
              + now
              + " now",
          "Offer the class there again until it is cleaned, or clean it by hand.",
          false);
    }
  }

  /**
   * Whether all that was due went with the server that its Store had for itself.
   *
   * @param there the Store of that name, when one is there (again)
   */
  boolean isGone(Due due, Optional<StoreSpec> there) {
    ObjectKey store = due.plan().target().store();
    return there.isEmpty()
        && hasOwnServer(store, due.store())
        && offers
            .find(String.valueOf(due.store().storeClass()))
            .flatMap(offer -> vault.credentials(offers.admin(store, offer)))
            .isEmpty();
  }

  private static String place(PipelinePlan.Target at) {
    return at.host() + ":" + at.port() + "/" + at.database();
  }

  /** Empty when its class is not offered. */
  private Optional<String> place(ObjectKey store, StoreSpec spec) {
    StoreSpec.External connection = spec.connection();
    if (connection != null) {
      StoreSite site = brought(store, connection, new Credentials("", ""));
      return Optional.of(site.host() + ":" + site.port() + "/" + site.database());
    }
    return offers
        .find(String.valueOf(spec.storeClass()))
        .map(offer -> offers.server(store, offer) + "/" + database(store, offer));
  }

  private static String database(ObjectKey store, StoreClassSpec offer) {
    return "Postgres".equals(offer.engine()) ? databaseName(store) : "0";
  }

  private static StoreSite owed(
      PipelinePlan.Target at, Optional<Credentials> admin, Credentials writer) {
    return new StoreSite(
        at.store(), at.engine(), at.host(), at.port(), at.database(), at.tls(), admin, writer);
  }

  private StoreSite offered(ObjectKey store, StoreSpec spec, Supplier<Credentials> writer)
      throws StoreProblem {
    String name = String.valueOf(spec.storeClass());
    StoreClassSpec offer = offers.find(name).orElseThrow(() -> classMissing(store, name));
    String engine = Objects.requireNonNull(offer.engine());
    String server = offers.server(store, offer);
    int colon = server.lastIndexOf(':');
    return new StoreSite(
        store,
        engine,
        server.substring(0, colon),
        Integer.parseInt(server.substring(colon + 1)),
        database(store, offer),
        Optional.ofNullable(offer.tls()).orElse("disable"),
        Optional.of(admin(store, name, offer)),
        writer.get());
  }

  /** Without it a store would be taken for one that somebody brought. */
  private Credentials admin(ObjectKey store, String name, StoreClassSpec offer)
      throws StoreProblem {
    Optional<Credentials> kept = vault.credentials(offers.admin(store, offer));
    if (kept.isEmpty() && offers.hasOwnServer(store, name)) {
      return NOBODY_YET;
    }
    return kept.orElseThrow(() ->
        new StoreProblem(
            "PermissionMissing",
            "the login of who may make stores of the class " + name + " is not there",
            "Make the Secret that the class names, in the operator's namespace, with username"
                + " and password.",
            false));
  }

  private static StoreProblem classMissing(ObjectKey store, String name) {
    return new StoreProblem(
        "StoreClassMissing",
        "the store " + store + " is of the class " + name + ", which is not offered here",
        "Start the platform as it was when the store was made: it says where its stores are.",
        false);
  }

  /** A store that is being declared. Empty when its writer's password is neither given nor kept. */
  public Optional<StoreSite> declared(ObjectKey store, StoreSpec spec) {
    StoreSpec.External connection = Objects.requireNonNull(spec.connection());
    return login(connection.writer(), writerReference(store))
        .map(writer -> brought(store, connection, writer));
  }

  /** Keeps the logins that a Store was declared with. */
  public void keepAccounts(ObjectKey store, StoreSpec spec) {
    StoreSpec.External connection = spec.connection();
    if (connection == null) {
      return;
    }
    login(connection.writer(), writerReference(store))
        .ifPresent(writer -> vault.put(writerReference(store), writer));
    String reader = externalReaderReference(store);
    if (connection.reader() == null) {
      vault.delete(reader);
    }
    login(connection.reader(), reader).ifPresent(account -> vault.put(reader, account));
  }

  /** One key for each tenant: equal values stay equal within a tenant and differ between two. */
  String hashKey(String tenant) {
    String reference = "hash/" + tenant + "/v1";
    if (vault.key(reference).isEmpty()) {
      makeKey(reference);
    }
    return reference;
  }

  /** Once: what was masked by another would not fit any more. */
  private synchronized void makeKey(String reference) {
    if (vault.key(reference).isEmpty()) {
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      vault.putKey(reference, key);
    }
  }

  /** The Store has gone. */
  public void forgetAccounts(ObjectKey store) {
    vault.delete(writerReference(store));
    vault.delete(externalReaderReference(store));
  }

  /** The login as given; a password that is left out is the one kept. */
  private Optional<Credentials> login(StoreSpec.@Nullable Account account, String reference) {
    if (account == null || account.username() == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(account.password())
        .or(() -> vault.credentials(reference).map(Credentials::password))
        .map(password -> new Credentials(account.username(), password));
  }

  private StoreSite brought(ObjectKey store, StoreSpec.External connection, Credentials writer) {
    boolean postgres = "Postgres".equals(connection.engine());
    return new StoreSite(
        store,
        String.valueOf(connection.engine()),
        String.valueOf(connection.host()),
        Optional.ofNullable(connection.port()).orElse(postgres ? 5432 : 6379),
        Optional.ofNullable(connection.database()).orElse(postgres ? "postgres" : "0"),
        Optional.ofNullable(connection.tls()).orElse("disable"),
        Optional.empty(),
        writer);
  }

  private Credentials writer(ObjectKey store) {
    return made(writerReference(store), writerName(store));
  }

  private Credentials made(String reference, String username) {
    return vault.credentials(reference).orElseGet(() -> madeUp(reference, username));
  }

  /** Once, though many subscriptions of a store may be looked at together. */
  private synchronized Credentials madeUp(String reference, String username) {
    Optional<Credentials> meanwhile = vault.credentials(reference);
    if (meanwhile.isPresent()) {
      return meanwhile.get();
    }
    Credentials made = new Credentials(username, Vault.newPassword());
    vault.put(reference, made);
    return made;
  }

  private static String writerName(ObjectKey store) {
    return fitting(store + "/writer", "writer");
  }

  /**
   * Two underscores cannot stand in a tenant's or a store's name, so the two never run together.
   */
  public static String databaseName(ObjectKey store) {
    String plain = (store.tenant() + "__" + store.name()).replace('-', '_');
    return store.toString().indexOf('-') < 0 && plain.length() <= LONGEST_NAME
        ? plain
        : fitting(plain, store.toString());
  }

  /**
   * A name for people with a digest for uniqueness, short enough for every engine.
   *
   * @param unique what makes it unique
   */
  static String fitting(String readable, String unique) {
    return fitting(readable, unique, LONGEST_NAME, '_', SHORT_DIGEST);
  }

  /**
   * The same of another form.
   *
   * @param filler in place of what is neither a letter nor a digit
   * @param bytes of the digest: more where a stranger would gain by another's name
   */
  public static String fitting(
      String readable, String unique, int longest, char filler, int bytes) {
    String digest = digest(readable + "\n" + unique, bytes);
    String plain = readable.replaceAll("[^a-z0-9" + filler + "]", String.valueOf(filler));
    int room = longest - digest.length() - 1;
    return plain.substring(0, Math.min(room, plain.length())) + filler + digest;
  }

  private static String digest(String text, int bytes) {
    try {
      byte[] full =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(full, 0, bytes);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
