package dev.millrace.catalog.ask;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Answer;
import dev.millrace.api.ask.Ask;
import dev.millrace.catalog.access.Callers;
import dev.millrace.catalog.page.Page;
import dev.millrace.catalog.page.PageQuery;
import dev.millrace.catalog.page.PageRequest;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.subscription.Statuses;
import dev.millrace.catalog.subscription.Subscription;
import dev.millrace.catalog.subscription.Subscriptions;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1")
@Tag(name = "Subscriptions")
@Produces({"application/json", "application/yaml"})
final class AskResource {
  private final Subscriptions subscriptions;
  private final Statuses statuses;
  private final Questions questions;
  private final Callers callers;

  @Inject
  AskResource(
      Subscriptions subscriptions, Statuses statuses, Questions questions, Callers callers) {
    this.subscriptions = subscriptions;
    this.statuses = statuses;
    this.questions = questions;
    this.callers = callers;
  }

  /** Rows as the contract shows them: what columns there are, each subscription says. */
  @Schema(name = "RowPage")
  record Rows(
      @Schema(
              required = true,
              description = "Column to value, newest first where the engine knows.")
          java.util.List<Map<String, Object>> items,
      String next) {}

  @Schema(name = "DeadLetter")
  record DeadLetter(
      @Schema(required = true) int partition,
      @Schema(required = true) long offset,
      @Schema(required = true, description = "Why, as a stable word.") String code,
      @Schema(description = "The column that did not take its value.") String field,
      @Schema(description = "The same for people.") String message,
      @Schema(description = "What the event looked like, masked.") JsonNode excerpt,
      Instant at) {}

  @Schema(name = "DeadLetterPage")
  record DeadLetters(@Schema(required = true) java.util.List<DeadLetter> items, String next) {}

  @GET
  @Path("/tenants/{tenant}/subscriptions/{subscription}/rows")
  @Blocking
  @Operation(operationId = "listRows", summary = "Rows as the store has them")
  @APIResponseSchema(Rows.class)
  public CompletionStage<Page<JsonNode>> rows(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @BeanParam PageQuery page) {
    return ask("Rows", new ObjectKey(tenant, subscription), page.request());
  }

  @GET
  @Path("/tenants/{tenant}/subscriptions/{subscription}/dead-letters")
  @Blocking
  @Operation(operationId = "listDeadLetters", summary = "Events that could not be applied")
  @APIResponseSchema(DeadLetters.class)
  public CompletionStage<Page<JsonNode>> deadLetters(
      @PathParam("tenant") String tenant,
      @PathParam("subscription") String subscription,
      @BeanParam PageQuery page) {
    return ask("DeadLetters", new ObjectKey(tenant, subscription), page.request());
  }

  private CompletionStage<Page<JsonNode>> ask(String kind, ObjectKey key, PageRequest page) {
    Subscription subscription = subscriptions.get(key);
    if (statuses.plan(subscription).isEmpty()) {
      throw new Refusal(
          409,
          "NotProvisioned",
          "the store of '" + key + "' is not made yet",
          "Wait for the condition Provisioned.");
    }
    Ask ask =
        new Ask(
            UUID.randomUUID().toString(),
            key,
            kind,
            page.limit(),
            page.after().orElse(null),
            callers.current().name(),
            Instant.now().plus(questions.patience()));
    return questions.ask(ask).thenApply(AskResource::page);
  }

  private static Page<JsonNode> page(Answer answer) {
    if (answer.code() != null) {
      throw refused(answer);
    }
    return new Page<>(
        answer.entries(), answer.next() == null ? null : PageRequest.encoded(answer.next()));
  }

  static Refusal refused(Answer answer) {
    return new Refusal(
        "InvalidParameter".equals(answer.code()) ? 400 : 503,
        String.valueOf(answer.code()),
        String.valueOf(answer.problem()),
        "See docs/conditions/" + answer.code() + ".md.");
  }
}
