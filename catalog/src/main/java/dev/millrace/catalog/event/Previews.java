package dev.millrace.catalog.event;

import dev.millrace.api.problem.Finding;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.catalog.product.Product;
import dev.millrace.needs.filter.ExpressionRejected;
import dev.millrace.needs.filter.Filter;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.SchemaRejected;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Tries filters on recent events; creates nothing. */
@Singleton
final class Previews {
  private static final int RECENT = 2_000;

  private final Tail tail;
  private final Evaluation evaluation;
  private final Duration time;

  @Inject
  Previews(Tail tail, Evaluation evaluation, EventConfig config) {
    this.tail = tail;
    this.evaluation = evaluation;
    this.time = config.previewTime();
  }

  /**
   * @throws Refusal 422 with findings at {@code /filter}, or 503
   */
  Preview of(Product product, @Nullable String text) throws SourceUnavailable {
    Optional<Filter> filter = filter(product, text);
    Refusals.requireTopic(product);
    Tail.Reading recent = tail.read(product.topic(), RECENT / 4, RECENT, time);
    try {
      return evaluation.run(
          () -> new PreviewScan(filter).over(recent.records(), System.nanoTime() + time.toNanos()),
          time.multipliedBy(2));
    } catch (Evaluation.TooLong e) {
      throw e.begun() ? tooExpensive() : busy();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Optional<Filter> filter(Product product, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      EventSchema schema = EventSchema.of(Objects.requireNonNull(product.spec().schema()));
      return Optional.of(Filter.compile(text, schema));
    } catch (ExpressionRejected e) {
      throw Refusal.invalid(
          e.mistakes().stream()
              .map(m -> new Finding("/filter", m.code(), m.message(), m.remedy()))
              .toList());
    } catch (SchemaRejected e) {
      // Those that are registered here have one that can be read; others may be kept elsewhere.
      throw Refusal.invalid(
          List.of(
              new Finding(
                  "/filter",
                  "SchemaInvalid",
                  "the schema of '" + product.key() + "' cannot be read: " + e.getMessage(),
                  "Its owner has to correct it.")));
    }
  }

  private static Refusal tooExpensive() {
    return Refusal.invalid(
        List.of(
            new Finding(
                "/filter",
                "FilterTooExpensive",
                "the filter takes seconds for one event",
                "Loop over fewer lists, and match shorter texts with simpler patterns.")));
  }

  private static Refusal busy() {
    return new Refusal(
        503,
        "PreviewBusy",
        "too many filters are being tried at this moment",
        "Try again in a few seconds.");
  }
}
