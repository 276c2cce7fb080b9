package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.stores.StoreProblem;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * What was asked of a subscription and is done, by a token for each, as its status has them; and
 * readers' passwords, which are changed for that.
 */
final class HonourDesk {
  private static final Logger LOG = Logger.getLogger(HonourDesk.class);

  private static final String ROTATE = "rotate";

  /** Which one was honoured of those that come by a schedule. */
  private static final String SCHEDULED = "scheduledRotation";

  /** Which permission was taken away: its reader's logins were changed for that. */
  private static final String REVOKED = "revoked";

  /** By which it runs, where somebody has to permit it. */
  private static final String GRANTED = "granted";

  /**
   * Of two logins that take turns each is changed twice: the one that is a member of the other
   * could change the other's password before Postgres 16, and whoever logs in while a password is
   * being changed is thrown out by the next.
   */
  private static final int ROTATIONS = 4;

  private static final String REBUILD = "rebuild";
  private static final String ACCEPT_LOSS = "acceptLoss";

  private final Board board;
  private final ReaderDesk readers;
  private final StoreWork stores;
  private final Map<ObjectKey, Map<String, String>> honoured = new ConcurrentHashMap<>();

  HonourDesk(Board board, ReaderDesk readers, StoreWork stores) {
    this.board = board;
    this.readers = readers;
    this.stores = stores;
  }

  /** See {@link SubscriptionController#permitted}. */
  void permitted(ObjectKey key, Optional<String> by) {
    Map<String, String> now = new TreeMap<>(remembered(key));
    now.remove(REVOKED);
    now.remove(GRANTED);
    by.ifPresent(name -> now.put(GRANTED, name));
    honoured.put(key, now);
  }

  /** See {@link SubscriptionController#wasPermitted}. */
  boolean wasPermitted(ObjectKey key) {
    return remembered(key).containsKey(GRANTED);
  }

  /** See {@link SubscriptionController#lockOut}. */
  void lockOut(PipelinePlan plan, String permission) throws StoreProblem {
    ObjectKey key = plan.subscription();
    if (permission.equals(remembered(key).get(REVOKED))) {
      return;
    }
    for (int i = 0; i < ROTATIONS; i++) {
      readers.rotate(plan, renewed -> stores.rotate(plan, renewed));
    }
    Map<String, String> now = new TreeMap<>(remembered(key));
    now.put(REVOKED, permission);
    honoured.put(key, now);
    LOG.infof("locked out subscription=%s permission=%s", key, permission);
  }

  /**
   * A token that was not honoured yet, a person's or a schedule's, asks for a new password, which
   * nobody has seen then.
   */
  void rotateIfAsked(DesiredSubscription desired, Optional<PipelinePlan> published)
      throws StoreProblem {
    Map<String, String> before = remembered(desired.key());
    Map<String, String> asked = new TreeMap<>(before);
    asked.keySet().retainAll(Set.of(ROTATE, SCHEDULED));
    Optional.ofNullable(desired.need().requests().get(ROTATE))
        .ifPresent(token -> asked.put(ROTATE, token));
    // Of one form, so that later moments come behind: a changed schedule asks for none twice.
    board
        .rotationDue(desired.key())
        .map(Instant::toString)
        .filter(due -> due.compareTo(before.getOrDefault(SCHEDULED, "")) > 0)
        .ifPresent(token -> asked.put(SCHEDULED, token));
    if (published.isEmpty() || before.entrySet().containsAll(asked.entrySet())) {
      return;
    }
    PipelinePlan plan = published.get();
    if (readers.rotate(plan, asked.toString(), renewed -> stores.rotate(plan, renewed))) {
      readers.hide(desired.key());
    }
    Map<String, String> now = new TreeMap<>(before);
    now.putAll(asked);
    honoured.put(desired.key(), now);
    LOG.infof("rotated subscription=%s", desired.key());
  }

  private Map<String, String> remembered(ObjectKey key) {
    return honoured.computeIfAbsent(
        key, unknown -> board.reported(key).map(SubscriptionStatus::honoured).orElse(Map.of()));
  }

  /** The tokens of a rebuild and of what was lost are in the plan that was made for them. */
  Map<String, String> all(ObjectKey key, Optional<PipelinePlan> published) {
    Map<String, String> all = new TreeMap<>(remembered(key));
    all.remove(REBUILD);
    all.remove(ACCEPT_LOSS);
    published.map(PipelinePlan::rebuild).ifPresent(token -> all.put(REBUILD, token));
    published.map(PipelinePlan::loss).ifPresent(loss -> all.put(ACCEPT_LOSS, loss.token()));
    return all;
  }

  void forget(ObjectKey key) {
    honoured.remove(key);
  }
}
