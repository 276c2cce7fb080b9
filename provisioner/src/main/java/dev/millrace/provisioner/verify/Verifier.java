package dev.millrace.provisioner.verify;

import dev.millrace.api.ask.Verification;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.PlanRejected;
import dev.millrace.needs.transform.Transform;
import dev.millrace.needs.transform.Transforms;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.shell.Target;
import dev.millrace.provisioner.source.Cancelled;
import dev.millrace.provisioner.source.Clients;
import dev.millrace.provisioner.source.History;
import dev.millrace.provisioner.source.Rewound;
import dev.millrace.provisioner.source.Running;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.stores.Content;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.CredentialSource;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Compares stores with what their streams say, one at a time in a worker, so that its memory stays
 * within the budget. Safe to share between threads.
 */
public final class Verifier {
  /** For about one and a half million keys in one round; more take more rounds. */
  public static final long BUDGET_BYTES = 96L << 20;

  private static final int ATTEMPTS = 3;

  /** There is no proof, and trying again soon gives none either. */
  private static final Set<String> UNPROVABLE =
      Set.of("TopicMissing", "SourceRecreated", "HistoryTruncated");

  private final Clients clients;
  private final SourceWatch source;
  private final CredentialSource credentials;
  private final Function<PipelinePlan, Corrections> corrections;
  private final long budgetBytes;
  private final Clock clock;
  private final Semaphore turn = new Semaphore(1);

  /**
   * @param corrections those of a plan, as they are known now
   */
  public Verifier(
      Clients clients,
      SourceWatch source,
      CredentialSource credentials,
      Function<PipelinePlan, Corrections> corrections,
      long budgetBytes,
      Clock clock) {
    this.clients = clients;
    this.source = source;
    this.credentials = credentials;
    this.corrections = corrections;
    this.budgetBytes = budgetBytes;
    this.clock = clock;
  }

  /**
   * Takes as long as reading the stream and the store takes.
   *
   * @param wanted asked now and then
   * @param progress told about every second, from the same thread
   * @throws Cancelled it is not wanted any more
   * @throws SourceProblem the stream cannot be read now
   * @throws StoreProblem the store cannot be read now, or the plan cannot be used
   */
  public Verification verify(Target target, BooleanSupplier wanted, Consumer<Verification> progress)
      throws StoreProblem, SourceProblem, Cancelled, InterruptedException {
    Running running = new Running(wanted);
    Instant startedAt = clock.instant();
    while (!turn.tryAcquire(1, TimeUnit.SECONDS)) {
      running.check();
      progress.accept(new Findings(clock, startedAt).soFar(null));
    }
    try {
      return attempts(target, startedAt, running, progress);
    } finally {
      turn.release();
    }
  }

  private Verification attempts(
      Target target, Instant startedAt, Running running, Consumer<Verification> progress)
      throws StoreProblem, SourceProblem, Cancelled {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Findings findings = new Findings(clock, startedAt);
      try {
        attempt(target, running, progress, findings);
        return findings.end();
      } catch (Rewound e) {
        running.check();
      } catch (SourceProblem e) {
        if (!UNPROVABLE.contains(e.code())) {
          throw e;
        }
        return unprovable(startedAt, e.code(), String.valueOf(e.getMessage()));
      }
    }
    return unprovable(
        startedAt,
        "Unsettled",
        "The store was set back, events were corrected or left the log while they were compared, "
            + ATTEMPTS
            + " times");
  }

  private Verification unprovable(Instant startedAt, String code, String message) {
    Findings nothing = new Findings(clock, startedAt);
    nothing.reason(code, message);
    return nothing.end();
  }

  private void attempt(
      Target target, Running running, Consumer<Verification> progress, Findings findings)
      throws StoreProblem, SourceProblem, Rewound, Cancelled {
    PipelinePlan plan = target.plan();
    CorrectedTransform transform = new CorrectedTransform(compiled(plan), plan);
    source.verify(plan.source().topic(), plan.source().topicId());
    Settled settled = Settled.look(corrections.apply(plan), target);
    try (Content content = target.content()) {
      new Comparison(
              plan,
              transform,
              settled,
              content,
              () -> new History(clients, source, plan.source(), running),
              budgetBytes,
              clock,
              running,
              progress,
              findings)
          .run();
    }
    if (!settled.isSame(Settled.look(corrections.apply(plan), target))) {
      throw new Rewound();
    }
  }

  private Transform compiled(PipelinePlan plan) throws StoreProblem {
    Optional<byte[]> hashKey = Optional.ofNullable(plan.hashKey()).flatMap(credentials::key);
    if (plan.hashKey() != null && hashKey.isEmpty()) {
      throw new StoreProblem(
          "HashKeyMissing",
          "The worker has no key for the Hash mask under " + plan.hashKey(),
          "Give the worker the same keys as the controller.",
          false);
    }
    try {
      return Transforms.compile(plan, hashKey);
    } catch (PlanRejected e) {
      throw new StoreProblem(
          "PlanRejected",
          "This worker cannot run the plan: " + e.getMessage(),
          "Bring the workers to the controller's version, or change the subscription.",
          false,
          e);
    }
  }
}
