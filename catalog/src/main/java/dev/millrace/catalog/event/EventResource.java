package dev.millrace.catalog.event;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.page.PageRequest;
import dev.millrace.catalog.problem.FrameworkRefusals;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.product.Product;
import dev.millrace.catalog.product.Products;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/tenants/{tenant}/products/{product}/events")
@Tag(name = "Events")
@Produces(MediaType.APPLICATION_JSON)
final class EventResource {
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String BULK = "application/x-ndjson";

  private final Products products;
  private final Admissions admissions;
  private final Publisher publisher;
  private final Tail tail;
  private final Duration patience;

  @Inject
  EventResource(
      Products products,
      Admissions admissions,
      Publisher publisher,
      Tail tail,
      EventConfig config) {
    this.products = products;
    this.admissions = admissions;
    this.publisher = publisher;
    this.tail = tail;
    this.patience = config.readPatience();
  }

  /** The latest events, newest first. */
  @Schema(name = "LatestEvents")
  record Latest(List<StoredEvent> items) {}

  @GET
  @Operation(operationId = "latestEvents", summary = "The latest events, newest first")
  @APIResponseSchema(Latest.class)
  public Latest latest(
      @PathParam("tenant") String tenant,
      @PathParam("product") String product,
      @QueryParam("limit") @DefaultValue("20") String limit) {
    int most = PageRequest.of(limit, null).limit();
    Product found = products.get(new ObjectKey(tenant, product));
    Refusals.requireTopic(found);
    try {
      Tail.Reading reading = tail.read(found.topic(), most, most, patience);
      if (!reading.complete()) {
        throw new SourceUnavailable("the latest events could not be read in time", null);
      }
      return new Latest(reading.records().stream().map(StoredEvent::of).toList());
    } catch (SourceUnavailable e) {
      throw Refusals.of(e);
    }
  }

  @POST
  @Consumes({STRUCTURED, BATCH, BULK, MediaType.APPLICATION_JSON})
  @Operation(
      operationId = "publishEvents",
      summary = "Publishes CloudEvents; answered once the broker has them")
  @RequestBodySchema(Object.class)
  @APIResponseSchema(value = Receipt.class, responseDescription = "All were accepted")
  @APIResponse(responseCode = "207", description = "Some were refused")
  @APIResponse(responseCode = "413", description = "An event of more than 1 MiB")
  @APIResponse(responseCode = "422", description = "All were refused")
  @APIResponse(responseCode = "503", description = "The event store does not answer")
  public Response publish(
      @PathParam("tenant") String tenant,
      @PathParam("product") String product,
      @Context HttpHeaders headers,
      InputStream body) {
    String type = Objects.requireNonNullElse(headers.getHeaderString(HttpHeaders.CONTENT_TYPE), "");
    return switch (MediaTypes.essence(type)) {
      case STRUCTURED ->
          publish(tenant, product, Form.SINGLE, intake -> intake.structured(single(body)));
      case BATCH -> publish(tenant, product, Form.BATCH, intake -> intake.batch(batch(body)));
      case BULK -> publish(tenant, product, Form.BULK, intake -> intake.bulk(body));
      case MediaType.APPLICATION_JSON -> {
        Map<String, List<String>> all = headers.getRequestHeaders();
        if (!BinaryEvent.isOne(all)) {
          throw Refusals.noCloudEvent();
        }
        yield publish(tenant, product, Form.SINGLE, intake -> intake.binary(all, single(body)));
      }
      default -> throw FrameworkRefusals.of(415);
    };
  }

  /** How many events a request may hold. */
  private enum Form {
    SINGLE,
    BATCH,
    BULK
  }

  @FunctionalInterface
  private interface Publication {
    Receipt by(Intake intake) throws IOException, EventRefused, SourceUnavailable, SchemaUnusable;
  }

  private Response publish(String tenant, String name, Form form, Publication publication) {
    Product product = products.get(new ObjectKey(tenant, name));
    Refusals.requireTopic(product);
    Publishing publishing = publisher.begin(form != Form.BULK);
    try {
      Intake intake = new Intake(admissions.of(product), publishing);
      return answer(publication.by(intake), form);
    } catch (EventRefused e) {
      throw Refusals.ofBody(e);
    } catch (SourceUnavailable e) {
      throw Refusals.of(e);
    } catch (SchemaUnusable e) {
      throw Refusals.of(e);
    } catch (IOException e) {
      throw Refusals.bodyIncomplete(publishing.outcome().countAccepted());
    }
  }

  private static Response answer(Receipt receipt, Form form) {
    if (receipt.refused().isEmpty()) {
      return Response.ok(receipt).build();
    }
    if (receipt.accepted() == 0) {
      throw Refusals.ofAll(receipt.refused(), form == Form.SINGLE);
    }
    return Response.status(207).entity(receipt).build();
  }

  private static byte[] single(InputStream body) throws IOException {
    return whole(body, Intake.LARGEST_EVENT, Refusals::eventTooLarge);
  }

  private static byte[] batch(InputStream body) throws IOException {
    return whole(body, Intake.LARGEST_BATCH, Refusals::batchTooLarge);
  }

  private static byte[] whole(InputStream body, int largest, Supplier<Refusal> tooLarge)
      throws IOException {
    byte[] bytes = body.readNBytes(largest + 1);
    if (bytes.length > largest) {
      throw tooLarge.get();
    }
    return bytes;
  }
}
