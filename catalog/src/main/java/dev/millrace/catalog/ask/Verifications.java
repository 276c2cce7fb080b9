package dev.millrace.catalog.ask;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.ask.Verification;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Comparisons that were asked for, as far as this process remembers them. */
@Singleton
public final class Verifications {
  private static final int MOST_KEPT = 200;
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final Questions questions;
  private final Map<String, Run> runs = new LinkedHashMap<>();

  @Inject
  Verifications(Questions questions) {
    this.questions = questions;
  }

  /** One comparison; changed by whoever hears of it. */
  private static final class Run {
    private final ObjectKey subscription;
    private volatile @Nullable Verification last;
    private volatile @Nullable Answer refused;
    private volatile Instant heardAt = Instant.now();

    Run(ObjectKey subscription) {
      this.subscription = subscription;
    }

    void hear(Answer answer) {
      heardAt = Instant.now();
      if (answer.code() != null) {
        refused = answer;
      } else if (!answer.entries().isEmpty()) {
        last = Json.LENIENT.convertValue(answer.entries().get(0), Verification.class);
      }
    }

    VerificationRun seen(String id, Duration silence) {
      Verification found = last;
      Answer no = refused;
      if (found != null && found.outcome() != null) {
        return new VerificationRun(id, "Done", found, null, null);
      }
      if (no != null) {
        return new VerificationRun(id, "Failed", found, no.code(), no.problem());
      }
      return heardAt.plus(silence).isBefore(Instant.now())
          ? new VerificationRun(
              id, "Failed", found, "WorkerSilent", "No worker answers; look whether one runs.")
          : new VerificationRun(id, "Running", found, null, null);
    }
  }

  /** A worker tells how far it is about every second, unless it waits for a broker itself. */
  private Duration silence() {
    return questions.patience().multipliedBy(3);
  }

  /**
   * Asks for one, unless one of the subscription is running.
   *
   * @throws dev.millrace.catalog.problem.Refusal WorkerSilent when Kafka does not take the question
   */
  public VerificationRun begin(ObjectKey subscription, String actor) {
    String id = UUID.randomUUID().toString();
    Run run = new Run(subscription);
    Optional<VerificationRun> running = runningOr(id, run);
    if (running.isPresent()) {
      return running.get();
    }
    // Not under the lock: Kafka may take its time, and others only want to look.
    try {
      questions.follow(
          new Ask(id, subscription, "Verify", 1, null, actor, Instant.now().plus(LONGEST)),
          run::hear);
    } catch (RuntimeException e) {
      remove(id);
      throw e;
    }
    return run.seen(id, silence());
  }

  /** The one that is running; else this one is, from now on. */
  private synchronized Optional<VerificationRun> runningOr(String id, Run run) {
    for (Map.Entry<String, Run> each : runs.entrySet()) {
      VerificationRun seen = each.getValue().seen(each.getKey(), silence());
      if (each.getValue().subscription.equals(run.subscription) && seen.state().equals("Running")) {
        return Optional.of(seen);
      }
    }
    runs.put(id, run);
    forgetOldest();
    return Optional.empty();
  }

  private synchronized void remove(String id) {
    runs.remove(id);
  }

  private void forgetOldest() {
    Iterator<String> oldest = runs.keySet().iterator();
    while (runs.size() > MOST_KEPT) {
      questions.forget(oldest.next());
      oldest.remove();
    }
  }

  public synchronized Optional<VerificationRun> find(ObjectKey subscription, String id) {
    return Optional.ofNullable(runs.get(id))
        .filter(run -> run.subscription.equals(subscription))
        .map(run -> run.seen(id, silence()));
  }
}
