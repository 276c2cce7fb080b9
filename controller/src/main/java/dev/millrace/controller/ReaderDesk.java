package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.Binding;
import dev.millrace.stores.Reader;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.Vault;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The readers' logins: made once, shown once, changed on request. */
public final class ReaderDesk {
  private final Vault vault;

  public ReaderDesk(Vault vault) {
    this.vault = vault;
  }

  /** A reader that the store's owner brought is everyone's reader there. */
  Reader reader(PipelinePlan plan) {
    return brought(plan.target().store())
        .<Reader>map(brought -> new Reader.Brought(brought.username()))
        .or(() -> made(plan).map(Reader.Made::new))
        .orElseThrow();
  }

  /** Empty when a reader was brought. */
  private Optional<Credentials> made(PipelinePlan plan) {
    return brought(plan.target().store()).isPresent()
        ? Optional.empty()
        : Optional.of(
            vault
                .credentials(Sites.readerReference(plan.subscription()))
                .orElseGet(() -> make(plan)));
  }

  /** The login was made, or was brought with the store. */
  boolean isKept(ObjectKey subscription, ObjectKey store) {
    return brought(store)
        .or(() -> vault.credentials(Sites.readerReference(subscription)))
        .isPresent();
  }

  /** A new password under the same name. Not kept yet: the store has to take it first. */
  public Optional<Credentials> renewed(PipelinePlan plan) {
    return made(plan).map(old -> new Credentials(old.username(), Vault.newPassword()));
  }

  /** Once the store has taken it. */
  public void keep(PipelinePlan plan, Credentials reader) {
    vault.put(Sites.readerReference(plan.subscription()), reader);
  }

  void forget(ObjectKey subscription) {
    vault.delete(Sites.readerReference(subscription));
    vault.delete(revealedReference(subscription));
  }

  /** How the reader gets to its store; empty when it has no login yet. */
  public Optional<Binding> binding(PipelinePlan plan, boolean withPassword) {
    return login(plan)
        .map(reader ->
            binding(plan, reader, withPassword, isRevealed(plan.subscription()) || withPassword));
  }

  /** With the password, the first time. Empty when it was shown before. */
  public synchronized Optional<Binding> reveal(PipelinePlan plan) {
    return isRevealed(plan.subscription()) ? Optional.empty() : Optional.of(revealAgain(plan));
  }

  /** With the password, which is a new one. */
  public synchronized Binding revealAgain(PipelinePlan plan) {
    vault.putKey(revealedReference(plan.subscription()), new byte[32]);
    return binding(plan, true).orElseThrow();
  }

  /** A password that nobody has seen: it may be shown once again. */
  synchronized void hide(ObjectKey subscription) {
    vault.delete(revealedReference(subscription));
  }

  private boolean isRevealed(ObjectKey subscription) {
    return vault.key(revealedReference(subscription)).isPresent();
  }

  private Optional<Credentials> login(PipelinePlan plan) {
    return brought(plan.target().store())
        .or(() -> vault.credentials(Sites.readerReference(plan.subscription())));
  }

  private Optional<Credentials> brought(ObjectKey store) {
    return vault.credentials(Sites.externalReaderReference(store));
  }

  private Credentials make(PipelinePlan plan) {
    Credentials made =
        new Credentials(
            Sites.fitting(plan.subscription() + "/reader", plan.uid()), Vault.newPassword());
    vault.put(Sites.readerReference(plan.subscription()), made);
    return made;
  }

  private static String revealedReference(ObjectKey subscription) {
    return "revealed/" + subscription;
  }

  private static Binding binding(
      PipelinePlan plan, Credentials reader, boolean withPassword, boolean revealed) {
    PipelinePlan.Target target = plan.target();
    boolean postgres = target.table() != null;
    String host = target.host().contains(":") ? "[" + target.host() + "]" : target.host();
    String address = host + ":" + target.port() + "/" + encoded(target.database());
    boolean plain = target.tls().equals("disable");
    String mode = plain ? "" : "?sslmode=" + target.tls();
    String login =
        encoded(reader.username()) + (withPassword ? ":" + encoded(reader.password()) : "");
    return new Binding(
        postgres ? "postgresql" : "redis",
        target.host(),
        target.port(),
        target.database(),
        reader.username(),
        withPassword ? reader.password() : null,
        postgres
            ? "postgresql://" + login + "@" + address + mode
            : (plain ? "redis://" : "rediss://") + login + "@" + address,
        postgres ? "jdbc:postgresql://" + address + mode : null,
        relation(plan),
        revealed);
  }

  static String relation(PipelinePlan plan) {
    PipelinePlan.Target target = plan.target();
    if (target.table() != null) {
      return target.table().schema() + "." + target.table().name();
    }
    return target.keys() == null ? "" : target.keys().prefix() + "*";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
