package dev.millrace.catalog.event;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.page.PageRequest;
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
import java.util.function.Supplier;

@Path("/api/v1/tenants/{tenant}/products/{product}/events")
@Produces(MediaType.APPLICATION_JSON)
final class EventResource {
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
  record Latest(List<StoredEvent> items) {}

  @GET
  public Latest latest(
      @PathParam("tenant") String tenant,
      @PathParam("product") String product,
      @QueryParam("limit") @DefaultValue("20") String limit) {
    int most = PageRequest.of(limit, null).limit();
    Product found = products.get(new ObjectKey(tenant, product));
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
  @Consumes("application/cloudevents+json")
  public Response structured(
      @PathParam("tenant") String tenant, @PathParam("product") String product, InputStream body) {
    return publish(tenant, product, Form.SINGLE, intake -> intake.structured(single(body)));
  }

  @POST
  @Consumes("application/cloudevents-batch+json")
  public Response batch(
      @PathParam("tenant") String tenant, @PathParam("product") String product, InputStream body) {
    return publish(
        tenant,
        product,
        Form.BATCH,
        intake -> intake.batch(whole(body, Intake.LARGEST_BATCH, Refusals::batchTooLarge)));
  }

  @POST
  @Consumes("application/x-ndjson")
  public Response bulk(
      @PathParam("tenant") String tenant, @PathParam("product") String product, InputStream body) {
    return publish(tenant, product, Form.BULK, intake -> intake.bulk(body));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response binary(
      @PathParam("tenant") String tenant,
      @PathParam("product") String product,
      @Context HttpHeaders headers,
      InputStream body) {
    Map<String, List<String>> all = headers.getRequestHeaders();
    if (!BinaryEvent.isOne(all)) {
      throw Refusals.noCloudEvent();
    }
    return publish(tenant, product, Form.SINGLE, intake -> intake.binary(all, single(body)));
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

  private static byte[] whole(InputStream body, int largest, Supplier<Refusal> tooLarge)
      throws IOException {
    byte[] bytes = body.readNBytes(largest + 1);
    if (bytes.length > largest) {
      throw tooLarge.get();
    }
    return bytes;
  }
}
