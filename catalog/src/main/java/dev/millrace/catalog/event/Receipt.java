package dev.millrace.catalog.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.api.problem.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the events of one request.
 *
 * @param accepted how many the broker has
 * @param refused the first {@value #MOST_REFUSED} that did not pass, by index
 * @param refusedInAll how many did not pass, where that is more than are listed
 * @param events where each accepted event lies; absent for a bulk
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Receipt(
    long accepted,
    List<Refusal> refused,
    @Nullable Long refusedInAll,
    @Nullable List<Published> events) {
  static final int MOST_REFUSED = 1_000;

  /**
   * @param index counts the events of the request from 0
   * @param line counts the lines of a bulk from 1
   * @param errors pointers lead into the event
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Refusal(long index, @Nullable Long line, @Nullable String id, List<Finding> errors) {}

  record Published(long index, String id, int partition, long offset) {}
}
