package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.Binding;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.Vault;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** The readers' logins: made once, shown once, changed on request. */
public final class ReaderDesk {
  private final Vault vault;
  private final boolean takesTurns;
  private final Map<ObjectKey, Lock> rotating = new ConcurrentHashMap<>();

  /** Each reader has one login: with another password the one of before gets nobody in. */
  public ReaderDesk(Vault vault) {
    this(vault, false);
  }

  private ReaderDesk(Vault vault, boolean takesTurns) {
    this.vault = vault;
    this.takesTurns = takesTurns;
  }

  /**
   * Each reader has two logins that take turns: the one of before still gets in until the password
   * is changed once more, so whoever reads the new one a little later is not locked out.
   */
  public static ReaderDesk takingTurns(Vault vault) {
    return new ReaderDesk(vault, true);
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

  /** How a store comes to have a new password. */
  public interface Taking {
    void take(Credentials renewed) throws StoreProblem;
  }

  /**
   * A new password, under the same name or the other's whose turn it is, which the store takes
   * first and is kept then; one at a time for a subscription, or store and vault could end with
   * two.
   *
   * @return false when a reader was brought: its password is its owner's
   */
  public boolean rotate(PipelinePlan plan, Taking store) throws StoreProblem {
    boolean rotated =
        rotate(plan, old -> new Credentials(next(old.username()), Vault.newPassword()), store);
    // Whoever asks once more for what was asked before gets no password that was replaced.
    vault.delete(turnReference(plan.subscription()));
    return rotated;
  }

  /**
   * The same for a request, which whoever crashes in between makes once more: it comes to the same
   * login then. Another would be the turn of the one that people still have.
   *
   * @param token of the request
   */
  boolean rotate(PipelinePlan plan, String token, Taking store) throws StoreProblem {
    return rotate(plan, old -> turn(plan.subscription(), token, old), store);
  }

  private boolean rotate(PipelinePlan plan, UnaryOperator<Credentials> renewal, Taking store)
      throws StoreProblem {
    Lock mine = rotating.computeIfAbsent(plan.subscription(), key -> new ReentrantLock());
    mine.lock();
    try {
      Optional<Credentials> renewed = made(plan).map(renewal);
      if (renewed.isPresent()) {
        store.take(renewed.get());
        vault.put(Sites.readerReference(plan.subscription()), renewed.get());
      }
      return renewed.isPresent();
    } finally {
      mine.unlock();
    }
  }

  /** Kept before the store takes it, with the request that it is for. */
  private Credentials turn(ObjectKey subscription, String token, Credentials old) {
    String reference = turnReference(subscription);
    String mark = token + " ";
    Optional<Credentials> begun =
        vault.credentials(reference).filter(kept -> kept.username().startsWith(mark));
    if (begun.isPresent()) {
      return new Credentials(
          begun.get().username().substring(mark.length()), begun.get().password());
    }
    Credentials renewed = new Credentials(next(old.username()), Vault.newPassword());
    vault.put(reference, new Credentials(mark + renewed.username(), renewed.password()));
    return renewed;
  }

  private static String turnReference(ObjectKey subscription) {
    return "turn/" + subscription;
  }

  /** A name that was made longer than is left for a second one goes on alone. */
  private String next(String username) {
    String other = Reader.other(username);
    return takesTurns && other.length() <= Sites.LONGEST_NAME ? other : username;
  }

  void forget(ObjectKey subscription) {
    vault.delete(Sites.readerReference(subscription));
    vault.delete(revealedReference(subscription));
    vault.delete(turnReference(subscription));
    rotating.remove(subscription);
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
            Sites.fitting(
                plan.subscription() + "/reader",
                plan.uid(),
                Sites.LONGEST_NAME - Reader.SECOND.length(),
                '_',
                Sites.SHORT_DIGEST),
            Vault.newPassword());
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
