package dev.millrace.catalog.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.catalog.access.Callers;
import dev.millrace.catalog.document.Answers;
import dev.millrace.catalog.document.Documents;
import dev.millrace.catalog.document.DryRunQuery;
import dev.millrace.catalog.document.Incoming;
import dev.millrace.catalog.document.VersionHeaders;
import dev.millrace.catalog.journal.Entry;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.page.Page;
import dev.millrace.catalog.page.PageQuery;
import dev.millrace.catalog.page.PageRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/api/v1")
@Tag(name = "Subscriptions")
@Produces({"application/json", "application/yaml"})
@Consumes({"application/json", "application/yaml"})
final class SubscriptionResource {
  private final Subscriptions subscriptions;
  private final Requests requests;
  private final SubscriptionObjects objects;
  private final Journal journal;
  private final Callers callers;

  @Inject
  SubscriptionResource(
      Subscriptions subscriptions,
      Requests requests,
      SubscriptionObjects objects,
      Journal journal,
      Callers callers) {
    this.subscriptions = subscriptions;
    this.requests = requests;
    this.objects = objects;
    this.journal = journal;
    this.callers = callers;
  }

  @GET
  @Path("/subscriptions")
  @Operation(operationId = "listSubscriptions", summary = "All subscriptions, with status")
  @APIResponseSchema(DataSubscription.Page.class)
  public Page<?> list(
      @BeanParam PageQuery page,
      @Parameter(description = "Only those that name this product, as tenant/name.")
          @QueryParam("product")
          @Nullable String product) {
    return page(page, naming(product));
  }

  @GET
  @Path("/tenants/{tenant}/subscriptions")
  @Operation(
      operationId = "listSubscriptionsOfTenant",
      summary = "A tenant's subscriptions, with status")
  @APIResponseSchema(DataSubscription.Page.class)
  public Page<?> listOfTenant(
      @PathParam("tenant") String tenant,
      @BeanParam PageQuery page,
      @Parameter(description = "Only those that name this product, as tenant/name.")
          @QueryParam("product")
          @Nullable String product) {
    return page(page, naming(product).and(s -> s.key().tenant().equals(tenant)));
  }

  @GET
  @Path("/tenants/{tenant}/subscriptions/{subscription}")
  @Operation(operationId = "getSubscription", summary = "A subscription with its status")
  @APIResponseSchema(DataSubscription.class)
  public Response get(
      @PathParam("tenant") String tenant, @PathParam("subscription") String subscription) {
    return Answers.ok(objects.of(subscriptions.get(new ObjectKey(tenant, subscription))));
  }

  @PUT
  @Path("/tenants/{tenant}/subscriptions/{subscription}")
  @Operation(
      operationId = "putSubscription",
      summary = "States a need, or changes it",
      description =
          "With dryRun=true everything is checked and nothing is done: the answer is a DryRun.")
  @RequestBodySchema(DataSubscription.class)
  @APIResponse(
      responseCode = "200",
      description = "Changed, or unchanged; with dryRun what would be",
      content =
          @Content(
              schema = @Schema(oneOf = {DataSubscription.class, DataSubscription.Trial.class})))
  @APIResponseSchema(
      value = DataSubscription.class,
      responseCode = "201",
      responseDescription = "Taken in")
  public Response put(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @BeanParam DryRunQuery dryRun,
      @BeanParam VersionHeaders headers,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) MediaType type,
      InputStream body) {
    Incoming<DataSubscriptionSpec> incoming =
        Documents.object(
            body,
            type,
            DataSubscriptionSpec.class,
            SubscriptionObjects.KIND,
            tenant,
            Optional.of(subscription));
    if (dryRun.isAsked()) {
      Requests.Trial trial = requests.attempt(incoming, headers.versions());
      return Response.ok(new DryRun(objects.of(trial.subscription()), trial.statements())).build();
    }
    boolean isNew = subscriptions.find(incoming.key()).isEmpty();
    Subscription put = requests.put(incoming, headers.versions(), callers.current());
    return Answers.put(objects.of(put), isNew);
  }

  private record DryRun(Object resource, String statements) {}

  @DELETE
  @Path("/tenants/{tenant}/subscriptions/{subscription}")
  @Operation(
      operationId = "removeSubscription",
      summary = "Ends a subscription; it is shown as Deleting until its store is cleaned")
  @APIResponseSchema(
      value = DataSubscription.class,
      responseCode = "202",
      responseDescription = "Deletion goes on")
  public Response remove(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @BeanParam VersionHeaders headers) {
    Subscription withdrawn =
        requests.withdraw(
            new ObjectKey(tenant, subscription), headers.versions(), callers.current());
    return Answers.accepted(objects.of(withdrawn));
  }

  @GET
  @Path("/tenants/{tenant}/subscriptions/{subscription}/journal")
  @Operation(
      operationId = "getSubscriptionJournal",
      summary = "What was asked and decided, oldest first; also of a subscription that has gone")
  @APIResponseSchema(DataSubscription.DecisionPage.class)
  public Page<DataSubscription.Decision> journal(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @BeanParam PageQuery query) {
    ObjectKey key = new ObjectKey(tenant, subscription);
    PageRequest page = query.request();
    long after = page.after().map(PageRequest::position).orElse(0L);
    List<Entry> entries = journal.page(Subscriptions.KIND, key, after, page.limit() + 1);
    if (entries.isEmpty() && after == 0) {
      // One that is kept elsewhere has its history there.
      subscriptions.get(key);
    }
    boolean more = entries.size() > page.limit();
    List<Entry> shown = more ? entries.subList(0, page.limit()) : entries;
    return new Page<>(
        shown.stream()
            .map(e -> new DataSubscription.Decision(e.position(), e.type(), e.actor(), e.at()))
            .toList(),
        more ? PageRequest.encoded(Long.toString(shown.getLast().version())) : null);
  }

  private Page<?> page(PageQuery query, Predicate<Subscription> wanted) {
    return query
        .request()
        .of(
            subscriptions.all(),
            ObjectKey::parse,
            (key, subscription) -> Optional.of(subscription).filter(wanted).map(objects::of));
  }

  private static Predicate<Subscription> naming(@Nullable String product) {
    return subscription -> product == null || subscription.spec().product().equals(product);
  }
}
