package dev.millrace.catalog.ask;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Explanation;
import dev.millrace.catalog.access.Callers;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.subscription.Statuses;
import dev.millrace.catalog.subscription.Subscription;
import dev.millrace.catalog.subscription.Subscriptions;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/tenants/{tenant}/subscriptions/{subscription}/explain")
@Tag(name = "Subscriptions")
@Produces({"application/json", "application/yaml"})
final class ExplainResource {
  private final Subscriptions subscriptions;
  private final Statuses statuses;
  private final Explanations explanations;
  private final Callers callers;

  @Inject
  ExplainResource(
      Subscriptions subscriptions, Statuses statuses, Explanations explanations, Callers callers) {
    this.subscriptions = subscriptions;
    this.statuses = statuses;
    this.explanations = explanations;
    this.callers = callers;
  }

  @GET
  @Blocking
  @Operation(
      operationId = "explain",
      summary = "What is done with each event, where the time goes, and so what limits it")
  @APIResponseSchema(Explanation.class)
  public CompletionStage<Explanation> explain(
      @PathParam("tenant") String tenant, @PathParam("subscription") String name) {
    Subscription subscription = subscriptions.get(new ObjectKey(tenant, name));
    return statuses
        .plan(subscription)
        .map(plan -> explanations.of(plan, callers.current().name()))
        .orElseThrow(() ->
            new Refusal(
                409,
                "NotProvisioned",
                "the store of '" + subscription.key() + "' is not made yet",
                "Wait for the condition Provisioned."));
  }
}
