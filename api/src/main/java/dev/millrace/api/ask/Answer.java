package dev.millrace.api.ask;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param entries Rows: one object for each row, column to value. DeadLetters: partition, offset,
 *     code, reason, at, excerpt (masked). DeadLetter: the one, if it is there, and whether it is
 *     redrivable. Verify: one {@link Verification}; answers come until one has an outcome. Explain:
 *     one {@link Measurement}, or none; each worker that has partitions answers.
 * @param problem why there is no answer: a code and a sentence; then {@code entries} is empty
 * @param worker who answers, where several do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Answer(
    String id,
    List<JsonNode> entries,
    @Nullable String next,
    @Nullable String code,
    @Nullable String problem,
    @Nullable String worker) {

  /** Whoever answers. */
  public Answer(
      String id,
      List<JsonNode> entries,
      @Nullable String next,
      @Nullable String code,
      @Nullable String problem) {
    this(id, entries, next, code, problem, null);
  }
}
