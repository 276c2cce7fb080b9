package dev.millrace.catalog.live;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.subscription.Subscriptions;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1")
@Tag(name = "Subscriptions")
final class LiveResource {
  private final LiveFeed feed;
  private final Subscriptions subscriptions;

  @Inject
  LiveResource(LiveFeed feed, Subscriptions subscriptions) {
    this.feed = feed;
    this.subscriptions = subscriptions;
  }

  @GET
  @Path("/live")
  @Blocking
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      operationId = "watchSubscriptions",
      summary = "All subscriptions as they change",
      description = "`event: status` with the object, `event: deleted` with its metadata.")
  @APIResponse(
      responseCode = "200",
      description = "Server-sent events",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema = @Schema(implementation = String.class)))
  public Multi<OutboundSseEvent> all(@Context Sse sse) {
    return feed.listen(Optional.empty()).map(event -> sent(sse, event));
  }

  @GET
  @Path("/tenants/{tenant}/subscriptions/{subscription}/live")
  @Blocking
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      operationId = "watchSubscription",
      summary = "A subscription as it changes",
      description =
          "`event: status` with the object: the present state, then each change. `event: deleted`"
              + " when it has gone, and the stream ends.")
  @APIResponse(
      responseCode = "200",
      description = "Server-sent events",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema = @Schema(implementation = String.class)))
  public Multi<OutboundSseEvent> one(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @Context Sse sse) {
    ObjectKey key = subscriptions.get(new ObjectKey(tenant, subscription)).key();
    return feed.listen(Optional.of(key)).map(event -> sent(sse, event));
  }

  private static OutboundSseEvent sent(Sse sse, LiveEvent event) {
    return event.name().isEmpty()
        ? sse.newEventBuilder().comment(event.data()).build()
        : sse.newEventBuilder().name(event.name()).data(String.class, event.data()).build();
  }
}
