package dev.millrace.api.ask;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of a store with its stream found, or how far it is. The entry of an answer to a
 * question of the kind Verify: several come, the last of them with an outcome.
 *
 * @param outcome Equal, Differs or Unprovable; absent while it runs
 * @param events read from the stream so far
 * @param rows of the store compared so far
 * @param equal rows that are as the stream says
 * @param missing rows that the stream says and the store has not
 * @param additional rows that the store has and the stream does not say
 * @param changed rows of another content than the stream says
 * @param undecided keys that nothing can be said of, for what they come from has left the stream
 * @param upTo the cursors: the offset of each partition up to which the stream was read
 * @param reasons why nothing, or not all, could be proven
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verification(
    @Nullable String outcome,
    long events,
    long rows,
    long equal,
    Keys missing,
    Keys additional,
    Keys changed,
    Keys undecided,
    Map<Integer, Long> upTo,
    List<Reason> reasons,
    Instant startedAt,
    @Nullable Instant endedAt) {

  /**
   * @param examples some of them as the store has them: at most 20
   */
  public record Keys(long count, List<String> examples) {
    public static final Keys NONE = new Keys(0, List.of());
  }

  /**
   * @param code stable CamelCase word
   */
  public record Reason(String code, String message) {}
}
