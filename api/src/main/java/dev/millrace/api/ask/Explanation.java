package dev.millrace.api.ask;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline does with each event, what it cost lately, and so what limits it.
 *
 * @param sentence what limits it, or why nobody can say
 * @param definition of the plan that is explained
 * @param state Running, Paused or Stopped, as the plan has it
 * @param fields of the event whose values are read, in the order in which they are first read
 * @param expressions the filter, if there is one, and the computed columns
 * @param deletesWhatLeaves an event that does not match the filter deletes its row
 * @param engine Postgres or Redis
 * @param mode Upsert or Append
 * @param ways in which the engine may write a batch
 * @param measured of each worker that has partitions of it at work
 * @param unmeasured the partitions of which there is no measure, and why
 */
public record Explanation(
    String sentence,
    long definition,
    String state,
    List<ExtractedField> fields,
    List<EvaluatedExpression> expressions,
    boolean deletesWhatLeaves,
    String engine,
    String mode,
    List<WriteWay> ways,
    List<Measurement> measured,
    List<Unmeasured> unmeasured) {

  /**
   * @param field dotted
   * @param uses key, filter, or {@code column} and its name
   */
  public record ExtractedField(String field, List<String> uses) {}

  /**
   * @param of filter, or {@code column} and its name
   * @param compiled it runs as code; otherwise the reference evaluator runs it, many times slower
   * @param why it is not compiled
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record EvaluatedExpression(
      String of, String expression, boolean compiled, @Nullable String why) {}

  /**
   * @param name stable CamelCase word, by which {@link Measurement#ways} counts
   * @param meaning the same for people
   */
  public record WriteWay(String name, String meaning) {}

  /**
   * @param worker that has them, as far as one said so
   * @param code the trouble behind it, as a stable CamelCase word; absent where there is none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Unmeasured(
      List<Integer> partitions, @Nullable String worker, @Nullable String code, String message) {}
}
