package dev.millrace.provisioner.question;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.pipeline.Target;
import dev.millrace.stores.Engines;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.CredentialSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** From a question to its answer, by looking into the store. Safe to share between threads. */
public final class Replies {
  private static final Logger LOG = Logger.getLogger(Replies.class);
  private static final int MOST_ENTRIES = 1000;

  private final Function<ObjectKey, Optional<PipelinePlan>> plans;
  private final Engines engines;
  private final CredentialSource credentials;

  public Replies(
      Function<ObjectKey, Optional<PipelinePlan>> plans,
      Engines engines,
      CredentialSource credentials) {
    this.plans = plans;
    this.engines = engines;
    this.credentials = credentials;
  }

  Answer to(Ask ask) {
    Optional<PipelinePlan> plan = plans.apply(ask.subscription());
    if (plan.isEmpty()) {
      return refused(
          ask, "SubscriptionUnknown", "No worker has a plan of " + ask.subscription() + " (yet).");
    }
    try {
      return look(ask, Target.of(plan.get(), engines, credentials));
    } catch (StoreProblem e) {
      return refused(ask, e.code(), e.getMessage() + ". " + e.remedy());
    } catch (RuntimeException e) {
      LOG.errorf(e, "a fault of ours subscription=%s kind=%s", ask.subscription(), ask.kind());
      return refused(ask, "WorkerFault", "The worker failed; its log says why.");
    }
  }

  private static Answer look(Ask ask, Target target) throws StoreProblem {
    int limit = Math.max(1, Math.min(ask.limit(), MOST_ENTRIES));
    Optional<String> after = Optional.ofNullable(ask.after());
    return switch (ask.kind()) {
      case "Rows" -> found(ask, target.driver().rows(target.site(), target.plan(), limit, after));
      case "DeadLetters" ->
          found(ask, target.driver().deadLetters(target.site(), target.plan(), limit, after));
      default -> refused(ask, "QuestionUnknown", "This worker cannot answer '" + ask.kind() + "'.");
    };
  }

  private static Answer found(Ask ask, StoreDriver.Page page) {
    return new Answer(ask.id(), page.entries(), page.next().orElse(null), null, null);
  }

  private static Answer refused(Ask ask, String code, String problem) {
    return new Answer(ask.id(), List.of(), null, code, problem);
  }
}
