package dev.millrace.operator.access;

import static dev.millrace.api.status.Condition.Types.APPROVED;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.access.AccessRequestSpec;
import dev.millrace.api.access.AccessRequestSpec.Decision;
import dev.millrace.api.access.AccessRequestStatus;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.status.Condition;
import dev.millrace.needs.access.AccessRequests;
import dev.millrace.needs.access.AccessRequests.Phase;
import dev.millrace.needs.check.Durations;
import dev.millrace.needs.check.ProductCheck;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.kind.AccessRequest;
import dev.millrace.operator.kind.Kind;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says what became of an AccessRequest, has its subscription looked at, and ends it in time. */
@ControllerConfiguration(
    name = "accessrequest",
    fieldManager = "millrace-finalizer",
    // One that is deleted grants nothing any more.
    triggerReconcilerOnAllEvents = true)
public final class AccessReconciler implements Reconciler<AccessRequest> {
  /** Nothing later can be written into a status. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

  private final Cluster cluster;
  private final Approvals approvals;
  private final Applying applying;
  private final Predicate<String> isWatched;
  private final Consumer<ObjectKey> decided;
  private final Clock clock;

  /**
   * @param isWatched whether this operator looks after a tenant
   * @param decided told of a subscription about whose request something is known
   */
  public AccessReconciler(
      Cluster cluster,
      Approvals approvals,
      KubernetesClient client,
      Predicate<String> isWatched,
      Consumer<ObjectKey> decided,
      Clock clock) {
    this.cluster = cluster;
    this.approvals = approvals;
    this.applying = new Applying(client);
    this.isWatched = isWatched;
    this.decided = decided;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, AccessRequest>> prepareEventSources(
      EventSourceContext<AccessRequest> context) {
    cluster.accessRequests().by(context.getPrimaryCache());
    return List.of();
  }

  @Override
  public UpdateControl<AccessRequest> reconcile(AccessRequest told, Context<AccessRequest> context)
      throws InterruptedException {
    cluster.awaitComplete();
    if (context.isPrimaryResourceDeleted() || told.isMarkedForDeletion()) {
      cluster.accessRequests().deleted(told.key());
      subscription(told).ifPresent(decided);
      return UpdateControl.noUpdate();
    }
    AccessRequest request = cluster.accessRequests().find(told.key()).orElse(told);
    AccessRequestSpec spec;
    try {
      spec = request.spec(AccessRequestSpec.class);
    } catch (Kind.Undecodable e) {
      write(request, status(request, null, Phase.PENDING, "Undecodable", e.getMessage()));
      return UpdateControl.noUpdate();
    }
    Optional<ObjectKey> subscription = subscription(spec);
    if (subscription.filter(key -> hasGone(key, spec)).isPresent()) {
      approvals.delete(request.key());
      return UpdateControl.noUpdate();
    }
    AccessRequestStatus status = status(request, spec);
    write(request, status);
    subscription.ifPresent(decided);
    return Optional.ofNullable(status.expires())
        .map(end -> Duration.between(clock.instant(), end))
        .filter(Duration::isPositive)
        // A moment later, so that it has ended by then.
        .map(rest -> UpdateControl.<AccessRequest>noUpdate().rescheduleAfter(rest.plusMillis(50)))
        .orElseGet(UpdateControl::noUpdate);
  }

  private static Optional<ObjectKey> subscription(AccessRequest request) {
    try {
      return subscription(request.spec(AccessRequestSpec.class));
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }

  private static Optional<ObjectKey> subscription(AccessRequestSpec spec) {
    try {
      return Optional.of(ObjectKey.parse(String.valueOf(spec.subscription())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean hasGone(ObjectKey subscription, AccessRequestSpec spec) {
    return isWatched.test(subscription.tenant())
        && cluster
            .subscriptions()
            .find(subscription)
            .filter(each -> each.getMetadata().getUid().equals(spec.uid()))
            .isEmpty();
  }

  private AccessRequestStatus status(AccessRequest request, AccessRequestSpec spec) {
    Optional<AccessRequestStatus> before = before(request);
    boolean approved = spec.decision() != null && "Approved".equals(spec.decision().verdict());
    Instant since =
        approved ? before.map(AccessRequestStatus::approvedAt).orElseGet(clock::instant) : null;
    Instant expires = since == null ? null : expires(spec, since).orElse(null);
    Phase phase =
        AccessRequests.phase(spec.decision(), Optional.ofNullable(expires), clock.instant());
    List<String> mistakes =
        approved
            ? schema(request, spec)
                .map(schema -> AccessRequests.mistakes(spec, schema))
                .orElse(List.of())
            : List.of();
    AccessRequestStatus said =
        mistakes.isEmpty()
            ? status(request, spec, phase, phase.word(), sentence(spec, phase, expires))
            : status(request, spec, phase, "DecisionInvalid", String.join(" ", mistakes));
    return new AccessRequestStatus(
        said.phase(), said.observedGeneration(), since, expires, said.conditions());
  }

  private static Optional<Instant> expires(AccessRequestSpec spec, Instant since) {
    return Optional.ofNullable(spec.decision())
        .map(Decision::until)
        .or(() -> Optional.ofNullable(spec.duration()).flatMap(Durations::parse).map(since::plus))
        .filter(END_OF_TIME::isAfter);
  }

  private static String sentence(AccessRequestSpec spec, Phase phase, @Nullable Instant expires) {
    String by = spec.decision() == null ? "" : " by " + spec.decision().by();
    return switch (phase) {
      case PENDING ->
          "Whoever owns the product decides: set spec.decision, with verdict Approved or Denied, and"
              + " by, your own name.";
      case APPROVED -> "Approved" + by + (expires == null ? "." : ", until " + expires + ".");
      case DENIED -> "Denied" + by + ".";
      case REVOKED -> "Revoked" + by + ".";
      case EXPIRED -> "It ended at " + expires + ".";
    };
  }

  private AccessRequestStatus status(
      AccessRequest request,
      @Nullable AccessRequestSpec spec,
      Phase phase,
      String reason,
      @Nullable String message) {
    boolean valid = phase == Phase.APPROVED && !reason.equals("DecisionInvalid");
    String is = spec == null || phase == Phase.PENDING ? "Unknown" : valid ? "True" : "False";
    Optional<Condition> same =
        before(request).map(AccessRequestStatus::conditions).orElse(List.of()).stream()
            .filter(each -> each.type().equals(APPROVED) && each.status().equals(is))
            .findFirst();
    return new AccessRequestStatus(
        phase.word(),
        request.generation(),
        null,
        null,
        List.of(
            new Condition(
                APPROVED,
                is,
                reason,
                Objects.requireNonNullElse(message, ""),
                request.generation(),
                same.map(Condition::lastTransitionTime).orElseGet(clock::instant))));
  }

  private Optional<EventSchema> schema(AccessRequest request, AccessRequestSpec spec) {
    ObjectKey product = new ObjectKey(request.key().tenant(), String.valueOf(spec.product()));
    return cluster
        .products()
        .find(product)
        .flatMap(found -> {
          try {
            return ProductCheck.readable(found.spec(DataProductSpec.class));
          } catch (Kind.Undecodable e) {
            // It says so itself.
            return Optional.empty();
          }
        });
  }

  private static Optional<AccessRequestStatus> before(AccessRequest request) {
    try {
      return request.status(AccessRequestStatus.class);
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }

  /** When it is another. */
  private void write(AccessRequest request, AccessRequestStatus status) {
    if (before(request).equals(Optional.of(status))) {
      return;
    }
    AccessRequest object = new AccessRequest();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(request.key().tenant())
            .withName(request.key().name())
            .build());
    object.setStatus(Json.STRICT.valueToTree(status));
    cluster.accessRequests().wrote(applying.applyStatus(object));
  }
}
