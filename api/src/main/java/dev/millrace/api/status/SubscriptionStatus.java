package dev.millrace.api.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param phase Pending, Preloading, Live, Finished, Paused, Stopped, Failed or Deleting: the
 *     conditions in one word, for lists
 * @param honoured the tokens of {@code spec.requests} that were carried out
 * @param rebuild how far the content is that is being built anew; absent when none is
 * @param lost what left the log before it was applied, and was accepted as lost; absent for nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubscriptionStatus(
    @Nullable String phase,
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable BoundStore store,
    @Nullable Progress progress,
    @Nullable List<PartitionReport> partitions,
    @Nullable Map<String, String> honoured,
    @Nullable Rebuild rebuild,
    @Nullable List<Lost> lost) {

  /**
   * @param from the first offset that is lost
   * @param to the offset after the last
   * @param offsets how many: at most that many events
   * @param reason HistoryLost: all of them; HistoryCompacted: those that compaction took, of which
   *     some may have been deletions
   */
  public record Lost(int partition, long from, long to, long offsets, String reason) {}

  /**
   * @param phase Loading, Comparing, Swapping or Blocked
   * @param definition the version that is being built
   * @param percent of the history up to its cutover, 0 to 100
   * @param reason why it is Blocked, as a stable word
   * @param message the same for people, with the remedy
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rebuild(
      String phase,
      long definition,
      int percent,
      @Nullable String reason,
      @Nullable String message) {}

  /**
   * @param name the Store
   * @param relation Postgres: qualified table; Redis: key pattern
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BoundStore(String name, String engine, String address, String relation) {}

  /**
   * @param percent of the history up to the cutover, 0 to 100
   * @param etaSeconds to the end of the preload; absent when unknown or done
   * @param eventsPerSecond read, over the last seconds
   * @param lagEvents between the log's end and the position
   * @param lagSeconds age of the oldest event not yet applied; 0 when caught up
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Progress(
      double percent,
      @Nullable Long etaSeconds,
      double eventsPerSecond,
      long lagEvents,
      double lagSeconds,
      Counts counts) {}
}
