package dev.millrace.catalog.ask;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.catalog.access.Callers;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.progress.Positions;
import dev.millrace.catalog.subscription.Statuses;
import dev.millrace.catalog.subscription.Subscription;
import dev.millrace.catalog.subscription.Subscriptions;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** One event that could not be applied, and what shall become of it. */
@Path("/api/v1/tenants/{tenant}/subscriptions/{subscription}/dead-letters/{partition}/{offset}")
@Tag(name = "Subscriptions")
@Produces({"application/json", "application/yaml"})
final class CorrectionResource {
  /** Below what a topic takes for one record, quotes and escapes of it included. */
  private static final int LARGEST = 900_000;

  /** Answers come on the thread that reads them all, which must not wait for a write. */
  private static final Executor ELSEWHERE = task -> Thread.ofVirtual().start(task);

  private final Subscriptions subscriptions;
  private final Statuses statuses;
  private final Positions positions;
  private final Questions questions;
  private final CorrectionLog corrections;
  private final Callers callers;

  @Inject
  CorrectionResource(
      Subscriptions subscriptions,
      Statuses statuses,
      Positions positions,
      Questions questions,
      CorrectionLog corrections,
      Callers callers) {
    this.subscriptions = subscriptions;
    this.statuses = statuses;
    this.positions = positions;
    this.questions = questions;
    this.corrections = corrections;
    this.callers = callers;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Correction")
  record Decided(
      @Schema(required = true) String id,
      @Schema(required = true, description = "Redrive or Discard.") String action,
      @Schema(description = "The event as it should have been; absent: as it is in the log.")
          @Nullable String payload,
      @Schema(description = "The record key as it should have been; absent: as it is in the log.")
          @Nullable String key,
      @Schema(required = true, description = "Who decided.") String actor,
      @Schema(required = true) Instant at) {
    static Decided of(Correction correction) {
      return new Decided(
          correction.id(),
          correction.action(),
          correction.payload(),
          correction.key(),
          correction.actor(),
          correction.at());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "DeadLetterDetail")
  record Detail(
      @Schema(required = true) int partition,
      @Schema(required = true) long offset,
      @Schema(
              required = true,
              description = "Why, as a stable word; after a correction that did not help, its.")
          String code,
      @Schema(description = "The column that did not take its value.") @Nullable String field,
      @Schema(description = "The same for people.") @Nullable String message,
      @Schema(description = "What the event looked like, masked.") @Nullable JsonNode excerpt,
      @Nullable Instant at,
      @Schema(required = true, description = "Whether the log still tells what came after it.")
          boolean redrivable,
      @Schema(required = true, description = "What was decided so far, in order.")
          List<Decided> corrections) {}

  @Schema(name = "Redrive")
  record Redrive(
      @Schema(
              description =
                  "The event's value as it should have been, as text. Absent: tried again as it is"
                      + " in the log.")
          @Nullable String payload,
      @Schema(
              description =
                  "The record key as it should have been, where that in the log is none. Absent:"
                      + " as it is in the log.")
          @Nullable String key) {
    static final Redrive AS_IT_IS = new Redrive(null, null);
  }

  @GET
  @Blocking
  @Operation(
      operationId = "getDeadLetter",
      summary = "An event that could not be applied, and what was decided of it")
  @APIResponseSchema(Detail.class)
  public CompletionStage<Detail> get(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @PathParam("partition") int partition,
      @PathParam("offset") long offset) {
    Subscription found = subscriptions.get(new ObjectKey(tenant, subscription));
    return letter(found, new EventPlace(partition, offset));
  }

  @POST
  @Path("/redrive")
  @Blocking
  @Consumes("application/json")
  @Operation(
      operationId = "redriveDeadLetter",
      summary = "Apply it where it stands, corrected or as it is; never over a later version")
  @APIResponseSchema(value = Decided.class, responseCode = "202")
  public CompletionStage<Response> redrive(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @PathParam("partition") int partition,
      @PathParam("offset") long offset,
      @Nullable Redrive redrive) {
    Redrive how = redrive == null ? Redrive.AS_IT_IS : redrive;
    if (size(how) > LARGEST) {
      throw new Refusal(
          413,
          "EventTooLarge",
          "a corrected event may be " + LARGEST + " bytes long, written as a JSON text",
          "Publish it to the product, and discard this one.");
    }
    return decide(tenant, subscription, partition, offset, Correction.REDRIVE, how);
  }

  private static int size(Redrive how) {
    try {
      return Json.STRICT.writeValueAsBytes(how).length;
    } catch (JsonProcessingException e) {
      throw new Refusal(
          400,
          "Malformed",
          "a text holds half of a surrogate pair",
          "Send one object as well-formed JSON, in UTF-8.");
    }
  }

  @POST
  @Path("/discard")
  @Blocking
  @Operation(operationId = "discardDeadLetter", summary = "Leave it out: it counts as skipped")
  @APIResponseSchema(value = Decided.class, responseCode = "202")
  public CompletionStage<Response> discard(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @PathParam("partition") int partition,
      @PathParam("offset") long offset) {
    return decide(tenant, subscription, partition, offset, Correction.DISCARD, Redrive.AS_IT_IS);
  }

  private CompletionStage<Response> decide(
      String tenant, String name, int partition, long offset, String action, Redrive how) {
    Subscription subscription = subscriptions.get(new ObjectKey(tenant, name));
    String actor = callers.current().name();
    EventPlace place = new EventPlace(partition, offset);
    return letter(subscription, place)
        .thenApplyAsync(
            letter -> {
              if (action.equals(Correction.REDRIVE) && !letter.redrivable()) {
                throw new Refusal(
                    409,
                    "RedriveTooLate",
                    "the log does not hold the event at " + place + " any more",
                    "Discard it, and publish the event anew if it should still count.");
              }
              Correction correction =
                  new Correction(
                      UUID.randomUUID().toString(),
                      subscription.key(),
                      subscription.uid(),
                      partition,
                      offset,
                      action,
                      how.payload(),
                      how.key(),
                      actor,
                      Instant.now());
              corrections.write(correction);
              return Response.accepted(Decided.of(correction)).build();
            },
            ELSEWHERE);
  }

  private CompletionStage<Detail> letter(Subscription subscription, EventPlace place) {
    PipelinePlan plan =
        statuses
            .plan(subscription)
            .orElseThrow(() ->
                new Refusal(
                    409,
                    "NotProvisioned",
                    "the store of '" + subscription.key() + "' is not made yet",
                    "Wait for the condition Provisioned."));
    Ask ask =
        new Ask(
            UUID.randomUUID().toString(),
            subscription.key(),
            "DeadLetter",
            1,
            place.toString(),
            callers.current().name(),
            Instant.now().plus(questions.patience()));
    List<Decided> decided =
        corrections.of(subscription.uid(), place).stream().map(Decided::of).toList();
    return questions
        .ask(ask)
        .thenApply(answer ->
            found(answer, place, decided)
                .or(() -> halting(plan, place, decided))
                .orElseThrow(() ->
                    new Refusal(
                        404,
                        "NotFound",
                        "'" + subscription.key() + "' has no dead letter at " + place,
                        "It was applied or discarded, or never was one; GET …/dead-letters lists"
                            + " those there are.")));
  }

  private static Optional<Detail> found(Answer answer, EventPlace place, List<Decided> decided) {
    if (answer.code() != null) {
      throw AskResource.refused(answer);
    }
    return answer.entries().stream()
        .findFirst()
        .map(letter ->
            new Detail(
                place.partition(),
                place.offset(),
                letter.path("code").asText(),
                letter.path("field").asText(),
                letter.path("message").asText(),
                letter.get("excerpt"),
                Instant.parse(letter.path("at").asText()),
                letter.path("redrivable").asBoolean(),
                decided));
  }

  /** With policy Halt an event is no dead letter: the pipeline stands before it. */
  private Optional<Detail> halting(PipelinePlan plan, EventPlace place, List<Decided> decided) {
    return positions.reports(plan).stream()
        .filter(report ->
            plan.onError().policy().equals("Halt")
                && report.phase().equals("Stopped")
                && report.reason() != null
                && report.partition() == place.partition()
                && report.position() == place.offset())
        .findFirst()
        .map(report ->
            new Detail(
                place.partition(),
                place.offset(),
                String.valueOf(report.reason()),
                null,
                report.message(),
                null,
                report.at(),
                true,
                decided));
  }
}
