package dev.millrace.catalog.event;

import dev.millrace.api.problem.Finding;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.product.Product;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** What goes wrong at the event store's doors, told as problems. */
final class Refusals {
  private static final Logger LOG = Logger.getLogger(Refusals.class);

  private Refusals() {}

  static Refusal of(SourceUnavailable e) {
    LOG.warnf("event store unavailable reason=\"%s\" cause=%s", e.getMessage(), e.getCause());
    return new Refusal(
        503,
        "SourceUnavailable",
        e.getMessage(),
        "Try again shortly. Publishing again from that index on is safe: an event that is there"
            + " already is there twice, and its key has the same last version.");
  }

  static Refusal of(SchemaUnusable e) {
    return new Refusal(
        409,
        "SchemaUnusable",
        Refusal.abbreviated("no event can be checked: " + e.getMessage()),
        "Correct the product's schema: no references to other documents, and patterns as RE2"
            + " knows them.");
  }

  /** The body as a whole cannot be read; nothing was published. */
  static Refusal ofBody(EventRefused e) {
    return malformed(e.findings());
  }

  /** None of the events may pass. */
  static Refusal ofAll(List<Receipt.Refusal> refused, boolean single) {
    List<Finding> findings =
        single
            ? refused.get(0).errors()
            : refused.stream().flatMap(Refusals::withIndex).limit(Receipt.MOST_REFUSED).toList();
    if (single && findings.stream().allMatch(f -> f.code().equals("MalformedJson"))) {
      return malformed(findings);
    }
    if (single && findings.stream().anyMatch(f -> f.code().equals("EventTooLarge"))) {
      return eventTooLarge();
    }
    return new Refusal(
        422,
        "EventsRefused",
        single ? "the event may not pass" : "none of the events may pass",
        "Correct what 'errors' lists; nothing was published.",
        findings);
  }

  static Refusal eventTooLarge() {
    return new Refusal(
        413,
        "EventTooLarge",
        "the event is larger than 1 MiB, or than its topic takes",
        "Keep the large part elsewhere and send its address.");
  }

  static Refusal batchTooLarge() {
    return new Refusal(
        413,
        "BatchTooLarge",
        "a batch has at most 8 MiB; nothing was published",
        "Send smaller batches, or any number of events as application/x-ndjson.");
  }

  static Refusal noCloudEvent() {
    return new Refusal(
        400,
        "NotCloudEvent",
        "application/json is a CloudEvent in binary mode, and its headers are not there",
        "Send ce-specversion, ce-id, ce-source and ce-type, or Content-Type"
            + " application/cloudevents+json.");
  }

  /**
   * A broker that makes topics unasked would make another than the product wants; and a topic that
   * the product was refused is none of it.
   *
   * @throws Refusal TopicPending
   */
  static void requireTopic(Product product) {
    if (product.topicId().isEmpty()) {
      throw new Refusal(
          503,
          "TopicPending",
          "the topic of '" + product.key() + "' is not made yet",
          "Try again shortly: the product's condition Ready says when it is.");
    }
  }

  static Refusal bodyIncomplete(long accepted) {
    return new Refusal(
        400,
        "BodyIncomplete",
        "the body ended early; at least " + accepted + " events were accepted before",
        "Send it again from there on.");
  }

  private static Refusal malformed(List<Finding> findings) {
    return new Refusal(
        400,
        "Malformed",
        findings.get(0).message(),
        "Send well-formed JSON in UTF-8; nothing was published.",
        findings);
  }

  private static Stream<Finding> withIndex(Receipt.Refusal refused) {
    return refused.errors().stream()
        .map(f ->
            new Finding(
                "/" + refused.index() + f.pointer(),
                f.code(),
                refused.line() == null
                    ? f.message()
                    : "line " + refused.line() + ": " + f.message(),
                f.remedy()));
  }
}
