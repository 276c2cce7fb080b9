package dev.millrace.catalog.ask;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.access.Callers;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.subscription.Statuses;
import dev.millrace.catalog.subscription.Subscription;
import dev.millrace.catalog.subscription.Subscriptions;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/tenants/{tenant}/subscriptions/{subscription}/verifications")
@Tag(name = "Subscriptions")
@Produces({"application/json", "application/yaml"})
final class VerificationResource {
  private final Subscriptions subscriptions;
  private final Statuses statuses;
  private final Verifications verifications;
  private final Callers callers;

  @Inject
  VerificationResource(
      Subscriptions subscriptions,
      Statuses statuses,
      Verifications verifications,
      Callers callers) {
    this.subscriptions = subscriptions;
    this.statuses = statuses;
    this.verifications = verifications;
    this.callers = callers;
  }

  @POST
  @Blocking
  @Operation(
      operationId = "verify",
      summary = "Compare the store with its stream, row by row; one at a time for a subscription")
  @APIResponseSchema(value = VerificationRun.class, responseCode = "202")
  public Response begin(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String name,
      @Context UriInfo uri) {
    Subscription subscription = subscriptions.get(new ObjectKey(tenant, name));
    if (statuses.plan(subscription).isEmpty()) {
      throw new Refusal(
          409,
          "NotProvisioned",
          "the store of '" + subscription.key() + "' is not made yet",
          "Wait for the condition Provisioned.");
    }
    VerificationRun run = verifications.begin(subscription.key(), callers.current().name());
    return Response.accepted(run)
        .location(uri.getAbsolutePathBuilder().path(run.id()).build())
        .build();
  }

  @GET
  @Path("/{verification}")
  @Operation(operationId = "getVerification", summary = "How far a comparison is, or what it found")
  @APIResponseSchema(VerificationRun.class)
  public VerificationRun get(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String name,
      @PathParam("verification") String id) {
    ObjectKey subscription = subscriptions.get(new ObjectKey(tenant, name)).key();
    return verifications
        .find(subscription, id)
        .orElseThrow(() ->
            new Refusal(
                404,
                "NotFound",
                "there is no such verification of '" + subscription + "'",
                "They are forgotten when the server starts anew: POST to …/verifications again."));
  }
}
