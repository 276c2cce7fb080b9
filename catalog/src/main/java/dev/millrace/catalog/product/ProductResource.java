package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.catalog.access.Callers;
import dev.millrace.catalog.document.Answers;
import dev.millrace.catalog.document.Documents;
import dev.millrace.catalog.document.DryRunQuery;
import dev.millrace.catalog.document.Incoming;
import dev.millrace.catalog.document.VersionHeaders;
import dev.millrace.catalog.document.Versions;
import dev.millrace.catalog.page.Page;
import dev.millrace.catalog.page.PageQuery;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/api/v1")
@Tag(name = "Products")
@Produces({"application/json", "application/yaml"})
@Consumes({"application/json", "application/yaml"})
final class ProductResource {
  private final Products products;
  private final Registrations registrations;
  private final ProductObjects objects;
  private final Callers callers;

  @Inject
  ProductResource(
      Products products, Registrations registrations, ProductObjects objects, Callers callers) {
    this.products = products;
    this.registrations = registrations;
    this.objects = objects;
    this.callers = callers;
  }

  @GET
  @Path("/products")
  @Operation(operationId = "listProducts", summary = "All products")
  @APIResponseSchema(DataProduct.Page.class)
  public Page<?> list(
      @BeanParam PageQuery page,
      @Parameter(description = "Words in name, description or tags; all must be there.")
          @QueryParam("q")
          @Nullable String words) {
    return page(page, matching(words));
  }

  @GET
  @Path("/tenants/{tenant}/products")
  @Operation(operationId = "listProductsOfTenant", summary = "A tenant's products")
  @APIResponseSchema(DataProduct.Page.class)
  public Page<?> listOfTenant(
      @PathParam("tenant") String tenant,
      @BeanParam PageQuery page,
      @Parameter(description = "Words in name, description or tags; all must be there.")
          @QueryParam("q")
          @Nullable String words) {
    return page(page, matching(words).and(product -> product.key().tenant().equals(tenant)));
  }

  @POST
  @Path("/tenants/{tenant}/products")
  @Operation(
      operationId = "registerProduct",
      summary = "Registers a product; its topic is created if absent")
  @RequestBodySchema(DataProduct.class)
  @APIResponseSchema(
      value = DataProduct.class,
      responseCode = "201",
      responseDescription = "Registered")
  public Response register(
      @PathParam("tenant") String tenant,
      @BeanParam DryRunQuery dryRun,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) MediaType type,
      InputStream body) {
    Incoming<DataProductSpec> incoming =
        Documents.object(
            body, type, DataProductSpec.class, ProductObjects.KIND, tenant, Optional.empty());
    Product product = registrations.register(incoming, callers.current(), dryRun.isAsked());
    return dryRun.isAsked()
        ? Answers.ok(objects.of(product))
        : Answers.created(objects.of(product));
  }

  @GET
  @Path("/tenants/{tenant}/products/{product}")
  @Operation(operationId = "getProduct", summary = "A product with its schema")
  @APIResponseSchema(DataProduct.class)
  public Response get(@PathParam("tenant") String tenant, @PathParam("product") String product) {
    return Answers.ok(objects.of(products.get(new ObjectKey(tenant, product))));
  }

  @PUT
  @Path("/tenants/{tenant}/products/{product}")
  @Operation(operationId = "putProduct", summary = "Changes a product, or registers it")
  @RequestBodySchema(DataProduct.class)
  @APIResponseSchema(value = DataProduct.class, responseDescription = "Changed, or unchanged")
  @APIResponse(responseCode = "201", description = "Registered")
  public Response put(
      @PathParam("tenant") String tenant,
      @PathParam("product") String product,
      @BeanParam DryRunQuery dryRun,
      @BeanParam VersionHeaders headers,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) MediaType type,
      InputStream body) {
    Incoming<DataProductSpec> incoming =
        Documents.object(
            body, type, DataProductSpec.class, ProductObjects.KIND, tenant, Optional.of(product));
    Versions versions = headers.versions();
    Optional<Product> now = products.find(incoming.key());
    if (now.isPresent()) {
      return Answers.ok(
          objects.of(
              registrations.change(
                  now.get(), incoming, versions, callers.current(), dryRun.isAsked())));
    }
    versions.check(OptionalLong.empty());
    Product registered = registrations.register(incoming, callers.current(), dryRun.isAsked());
    return Answers.put(objects.of(registered), !dryRun.isAsked());
  }

  @DELETE
  @Path("/tenants/{tenant}/products/{product}")
  @Operation(operationId = "removeProduct", summary = "Removes a product; its topic stays")
  @APIResponse(responseCode = "204", description = "Removed")
  public void remove(
      @PathParam("tenant") String tenant,
      @PathParam("product") String product,
      @BeanParam VersionHeaders headers) {
    registrations.remove(new ObjectKey(tenant, product), headers.versions(), callers.current());
  }

  private Page<?> page(PageQuery query, Predicate<Product> wanted) {
    Page<Product> page =
        query
            .request()
            .of(
                products.all(),
                ObjectKey::parse,
                (key, product) -> Optional.of(product).filter(wanted));
    return new Page<>(objects.of(page.items()), page.next());
  }

  private static Predicate<Product> matching(@Nullable String words) {
    List<String> wanted =
        words == null
            ? List.of()
            : Arrays.stream(words.toLowerCase(Locale.ROOT).strip().split("\\s+")).toList();
    return product -> {
      String text = searchable(product);
      return wanted.stream().allMatch(text::contains);
    };
  }

  private static String searchable(Product product) {
    return String.join(
            "\n",
            product.key().toString(),
            Optional.ofNullable(product.spec().description()).orElse(""),
            String.join("\n", Optional.ofNullable(product.spec().tags()).orElse(List.of())))
        .toLowerCase(Locale.ROOT);
  }
}
