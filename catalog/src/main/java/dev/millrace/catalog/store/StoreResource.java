package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.catalog.access.Callers;
import dev.millrace.catalog.control.Provisioning;
import dev.millrace.catalog.document.Answers;
import dev.millrace.catalog.document.Documents;
import dev.millrace.catalog.document.DryRunQuery;
import dev.millrace.catalog.document.Incoming;
import dev.millrace.catalog.document.VersionHeaders;
import dev.millrace.catalog.page.Page;
import dev.millrace.catalog.page.PageQuery;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1")
@Tag(name = "Stores")
@Produces({"application/json", "application/yaml"})
@Consumes({"application/json", "application/yaml"})
final class StoreResource {
  private final Stores stores;
  private final Declarations declarations;
  private final StoreObjects objects;
  private final Provisioning provisioning;
  private final Callers callers;

  @Inject
  StoreResource(
      Stores stores,
      Declarations declarations,
      StoreObjects objects,
      Provisioning provisioning,
      Callers callers) {
    this.stores = stores;
    this.declarations = declarations;
    this.objects = objects;
    this.provisioning = provisioning;
    this.callers = callers;
  }

  @GET
  @Path("/storeclasses")
  @Operation(operationId = "listStoreClasses", summary = "The kinds of store that are offered")
  @APIResponseSchema(StoreDocument.ClassPage.class)
  public Page<?> classes(@BeanParam PageQuery page) {
    return page.request()
        .of(
            new TreeMap<>(provisioning.classes()),
            name -> name,
            (name, offer) -> Optional.of(objects.of(name, offer)));
  }

  @GET
  @Path("/stores")
  @Operation(operationId = "listStores", summary = "All stores")
  @APIResponseSchema(StoreDocument.Page.class)
  public Page<?> list(@BeanParam PageQuery page) {
    return page(page, store -> true);
  }

  @GET
  @Path("/tenants/{tenant}/stores")
  @Operation(operationId = "listStoresOfTenant", summary = "A tenant's stores")
  @APIResponseSchema(StoreDocument.Page.class)
  public Page<?> listOfTenant(@PathParam("tenant") String tenant, @BeanParam PageQuery page) {
    return page(page, store -> store.key().tenant().equals(tenant));
  }

  @GET
  @Path("/tenants/{tenant}/stores/{store}")
  @Operation(operationId = "getStore", summary = "A store, without its passwords")
  @APIResponseSchema(StoreDocument.class)
  public Response get(@PathParam("tenant") String tenant, @PathParam("store") String store) {
    return Answers.ok(objects.of(stores.get(new ObjectKey(tenant, store))));
  }

  @PUT
  @Path("/tenants/{tenant}/stores/{store}")
  @Operation(
      operationId = "putStore",
      summary = "Declares a store or changes it; an external one is logged in to first")
  @RequestBodySchema(StoreDocument.class)
  @APIResponseSchema(value = StoreDocument.class, responseDescription = "Changed, or unchanged")
  @APIResponse(responseCode = "201", description = "Declared")
  public Response put(
      @PathParam("tenant") String tenant,
      @PathParam("store") String store,
      @BeanParam DryRunQuery dryRun,
      @BeanParam VersionHeaders headers,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) MediaType type,
      InputStream body) {
    Incoming<StoreSpec> incoming =
        Documents.object(
            body, type, StoreSpec.class, StoreObjects.KIND, tenant, Optional.of(store));
    boolean isNew = stores.find(incoming.key()).isEmpty();
    StoreRecord record =
        declarations.put(incoming, headers.versions(), callers.current(), dryRun.isAsked());
    return Answers.put(objects.of(record), isNew && !dryRun.isAsked());
  }

  @DELETE
  @Path("/tenants/{tenant}/stores/{store}")
  @Operation(operationId = "removeStore", summary = "Removes a store that nothing writes to")
  @APIResponseSchema(
      value = StoreDocument.class,
      responseCode = "202",
      responseDescription = "Removed")
  public Response remove(
      @PathParam("tenant") String tenant,
      @PathParam("store") String store,
      @BeanParam VersionHeaders headers) {
    ObjectKey key = new ObjectKey(tenant, store);
    StoreRecord before = stores.get(key);
    declarations.remove(key, headers.versions(), callers.current());
    return Answers.accepted(objects.of(before));
  }

  private Page<?> page(PageQuery query, Predicate<StoreRecord> wanted) {
    return query
        .request()
        .of(
            stores.all(),
            ObjectKey::parse,
            (key, store) -> Optional.of(store).filter(wanted).map(objects::of));
  }
}
