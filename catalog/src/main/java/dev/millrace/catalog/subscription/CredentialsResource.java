package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.Binding;
import dev.millrace.catalog.access.Callers;
import dev.millrace.catalog.control.CredentialsRefused;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.catalog.problem.Refusal;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** The reader's login. Passwords pass through here and are kept nowhere on this side. */
@Path("/api/v1")
@Tag(name = "Subscriptions")
@Produces({"application/json", "application/yaml"})
final class CredentialsResource {
  private static final Logger LOG = Logger.getLogger(CredentialsResource.class);

  private static final String PATH = "/tenants/{tenant}/subscriptions/{subscription}/credentials";

  private final Subscriptions subscriptions;
  private final Provisioning provisioning;
  private final Callers callers;

  @Inject
  CredentialsResource(Subscriptions subscriptions, Provisioning provisioning, Callers callers) {
    this.subscriptions = subscriptions;
    this.provisioning = provisioning;
    this.callers = callers;
  }

  @GET
  @Path(PATH)
  @Operation(
      operationId = "getCredentials",
      summary = "How a reader connects, without the password")
  @APIResponseSchema(Binding.class)
  public Response binding(
      @PathParam("tenant") String tenant, @PathParam("subscription") String subscription) {
    ObjectKey key = subscriptions.get(new ObjectKey(tenant, subscription)).key();
    try {
      return unstored(provisioning.binding(key));
    } catch (CredentialsRefused e) {
      throw refusal(e);
    }
  }

  @POST
  @Path(PATH + "/reveal")
  @Operation(
      operationId = "revealCredentials",
      summary = "The same with the password, once; then 409 AlreadyRevealed")
  @APIResponseSchema(Binding.class)
  public Response reveal(
      @PathParam("tenant") String tenant, @PathParam("subscription") String subscription) {
    ObjectKey key = subscriptions.get(new ObjectKey(tenant, subscription)).key();
    try {
      Binding binding = provisioning.reveal(key);
      note(key, SubscriptionCommand.NoteRevealed::new);
      return unstored(binding);
    } catch (CredentialsRefused e) {
      throw refusal(e);
    }
  }

  @POST
  @Path(PATH + "/rotate")
  @Operation(
      operationId = "rotateCredentials",
      summary = "A new password, shown now; sessions with the old one end")
  @APIResponseSchema(Binding.class)
  public Response rotate(
      @PathParam("tenant") String tenant, @PathParam("subscription") String subscription) {
    ObjectKey key = subscriptions.get(new ObjectKey(tenant, subscription)).key();
    try {
      Binding binding = provisioning.rotate(key);
      note(key, SubscriptionCommand.NoteRotated::new);
      return unstored(binding);
    } catch (CredentialsRefused e) {
      throw refusal(e);
    }
  }

  /**
   * Told after the deed: a password that is shown once cannot be kept back because the journal
   * fails, or nobody would ever see it.
   */
  private void note(ObjectKey key, Supplier<SubscriptionCommand> what) {
    String actor = callers.current().name();
    try {
      subscriptions.decide(key, actor, what);
    } catch (Refusal refusal) {
      LOG.errorf(
          "not in the journal actor=%s subscription=%s what=%s code=%s",
          actor, key, what.get().getClass().getSimpleName(), refusal.code());
    }
  }

  private static Response unstored(Binding binding) {
    return Response.ok(binding).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }

  private static Refusal refusal(CredentialsRefused e) {
    return new Refusal(
        e.passing() ? 503 : 409, e.code(), String.valueOf(e.getMessage()), e.remedy());
  }
}
