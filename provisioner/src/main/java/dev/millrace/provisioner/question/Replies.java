package dev.millrace.provisioner.question;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.ask.Measurement;
import dev.millrace.api.ask.Verification;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.shell.Target;
import dev.millrace.provisioner.source.Cancelled;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.provisioner.verify.Verifier;
import dev.millrace.stores.Engines;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.CredentialSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** From a question to its answers, by looking into the store. Safe to share between threads. */
public final class Replies {
  private static final Logger LOG = Logger.getLogger(Replies.class);
  private static final int MOST_ENTRIES = 1000;
  private static final String VERIFY = "Verify";
  private static final String EXPLAIN = "Explain";
  private static final Pattern PLACE = Pattern.compile("(\\d{1,9})/(\\d{1,18})");

  private final Function<ObjectKey, Optional<PipelinePlan>> plans;
  private final Engines engines;
  private final CredentialSource credentials;
  private final SourceWatch source;
  private final Verifier verifier;
  private final Measures measures;
  private final String worker;

  /**
   * What was measured of a subscription lately: one, or none; empty when it is another worker's.
   */
  public interface Measures {
    Optional<List<Measurement>> of(ObjectKey subscription) throws InterruptedException;
  }

  public Replies(
      String worker,
      Measures measures,
      Function<ObjectKey, Optional<PipelinePlan>> plans,
      Engines engines,
      CredentialSource credentials,
      SourceWatch source,
      Verifier verifier) {
    this.worker = worker;
    this.measures = measures;
    this.plans = plans;
    this.engines = engines;
    this.credentials = credentials;
    this.source = source;
    this.verifier = verifier;
  }

  /** Whether the answer takes a thread for itself for long. */
  static boolean isLong(Ask ask) {
    return ask.kind().equals(VERIFY);
  }

  /** Whether every worker that has something of the subscription answers, with its own part. */
  static boolean isForAll(Ask ask) {
    return ask.kind().equals(EXPLAIN);
  }

  /**
   * The last answer, or none when nobody wants it any more, or it is another's to give.
   *
   * @param wanted whether somebody still waits
   * @param before takes answers on the way
   */
  Optional<Answer> to(Ask ask, BooleanSupplier wanted, Consumer<Answer> before) {
    if (isForAll(ask)) {
      return explained(ask);
    }
    Optional<PipelinePlan> plan = plans.apply(ask.subscription());
    if (plan.isEmpty()) {
      return Optional.of(
          refused(
              ask,
              "SubscriptionUnknown",
              "No worker has a plan of " + ask.subscription() + " (yet)."));
    }
    try {
      Target target = Target.of(plan.get(), engines, credentials);
      return Optional.of(isLong(ask) ? verified(ask, target, wanted, before) : look(ask, target));
    } catch (Cancelled e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (StoreProblem e) {
      return Optional.of(refused(ask, e.code(), e.getMessage() + ". " + e.remedy()));
    } catch (SourceProblem e) {
      return Optional.of(refused(ask, e.code(), e.getMessage() + ". " + e.remedy()));
    } catch (RuntimeException e) {
      LOG.errorf(e, "a fault of ours subscription=%s kind=%s", ask.subscription(), ask.kind());
      return Optional.of(refused(ask, "WorkerFault", "The worker failed; its log says why."));
    }
  }

  private Optional<Answer> explained(Ask ask) {
    try {
      return measures
          .of(ask.subscription())
          .map(found ->
              new Answer(
                  ask.id(),
                  found.stream().<JsonNode>map(Json.STRICT::valueToTree).toList(),
                  null,
                  null,
                  null,
                  worker));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Answer verified(Ask ask, Target target, BooleanSupplier wanted, Consumer<Answer> before)
      throws StoreProblem, SourceProblem, Cancelled, InterruptedException {
    Verification found =
        verifier.verify(target, wanted, soFar -> before.accept(verification(ask, soFar)));
    LOG.infof(
        "verified subscription=%s store=%s outcome=%s rows=%d events=%d asked by %s",
        ask.subscription(),
        target.plan().target().store(),
        found.outcome(),
        found.rows(),
        found.events(),
        ask.actor());
    return verification(ask, found);
  }

  private static Answer verification(Ask ask, Verification found) {
    return new Answer(ask.id(), List.of(Json.STRICT.valueToTree(found)), null, null, null);
  }

  private Answer look(Ask ask, Target target) throws StoreProblem, SourceProblem {
    int limit = Math.max(1, Math.min(ask.limit(), MOST_ENTRIES));
    Optional<String> after = Optional.ofNullable(ask.after());
    return switch (ask.kind()) {
      case "Rows" -> found(ask, target.driver().rows(target.site(), target.plan(), limit, after));
      case "DeadLetter" -> letter(ask, target);
      case "DeadLetters" ->
          found(ask, target.driver().deadLetters(target.site(), target.plan(), limit, after));
      default -> refused(ask, "QuestionUnknown", "This worker cannot answer '" + ask.kind() + "'.");
    };
  }

  /** One, and whether the log still tells what it takes to redrive it. None when it is none. */
  private Answer letter(Ask ask, Target target) throws StoreProblem, SourceProblem {
    Matcher place = PLACE.matcher(String.valueOf(ask.after()));
    if (!place.matches()) {
      return refused(ask, "InvalidParameter", "A dead letter is named partition/offset.");
    }
    EventPlace at =
        new EventPlace(Integer.parseInt(place.group(1)), Long.parseLong(place.group(2)));
    List<JsonNode> letters =
        target.driver().deadLettersAt(target.site(), target.plan(), List.of(at));
    if (!letters.isEmpty()) {
      ((ObjectNode) letters.get(0))
          .put(
              "redrivable",
              source.beginning(target.plan().source().topic(), at.partition()) <= at.offset());
    }
    return new Answer(ask.id(), letters, null, null, null);
  }

  private static Answer found(Ask ask, StoreDriver.Page page) {
    return new Answer(ask.id(), page.entries(), page.next().orElse(null), null, null);
  }

  private static Answer refused(Ask ask, String code, String problem) {
    return new Answer(ask.id(), List.of(), null, code, problem);
  }
}
