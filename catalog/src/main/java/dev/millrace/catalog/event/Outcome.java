package dev.millrace.catalog.event;

import dev.millrace.api.problem.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of the events of one request, gathered from the request's thread and Kafka's. */
final class Outcome {
  private final @Nullable List<Receipt.Published> published;
  private final List<Receipt.Refusal> refused = new ArrayList<>();
  private long accepted;
  private long refusedInAll;
  private long firstMissing = Long.MAX_VALUE;
  private @Nullable Throwable cause;

  Outcome(boolean positions) {
    this.published = positions ? new ArrayList<>() : null;
  }

  synchronized void accepted(long index, String id, int partition, long offset) {
    accepted++;
    if (published != null) {
      published.add(new Receipt.Published(index, id, partition, offset));
    }
  }

  synchronized void refused(
      long index, @Nullable Long line, @Nullable String id, List<Finding> findings) {
    refusedInAll++;
    if (refused.size() < Receipt.MOST_REFUSED) {
      refused.add(new Receipt.Refusal(index, line, id, findings));
    }
  }

  synchronized void missing(long index, Throwable why) {
    firstMissing = Math.min(firstMissing, index);
    cause = cause == null ? why : cause;
  }

  synchronized boolean hasMissing() {
    return firstMissing < Long.MAX_VALUE;
  }

  synchronized long countAccepted() {
    return accepted;
  }

  synchronized Receipt receipt() throws SourceUnavailable {
    if (hasMissing()) {
      throw new SourceUnavailable(
          accepted
              + " events were accepted before the event store stopped taking them; the first that"
              + " was not has the index "
              + firstMissing,
          cause);
    }
    refused.sort(Comparator.comparingLong(Receipt.Refusal::index));
    if (published != null) {
      published.sort(Comparator.comparingLong(Receipt.Published::index));
    }
    return new Receipt(
        accepted,
        List.copyOf(refused),
        refusedInAll > refused.size() ? refusedInAll : null,
        published == null ? null : List.copyOf(published));
  }
}
