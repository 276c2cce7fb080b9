package dev.millrace.api.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubscriptionStatus(
    @JsonPropertyDescription(
            "Pending, Preloading, Live, Finished, Paused, Stopped, Failed or Deleting:"
                + " the conditions in one word, for lists.")
        @Nullable String phase,
    @JsonPropertyDescription("The generation of spec that this is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("What is true of it.") @Nullable List<Condition> conditions,
    @JsonPropertyDescription("Where the events are kept.") @Nullable BoundStore store,
    @JsonPropertyDescription("How far it is.") @Nullable Progress progress,
    @JsonPropertyDescription("What workers say of each partition.")
        @Nullable List<PartitionReport> partitions,
    @JsonPropertyDescription("The tokens of spec.requests that were carried out.")
        @Nullable Map<String, String> honoured,
    @JsonPropertyDescription(
            "How far the content is that is being built anew; absent when none is.")
        @Nullable Rebuild rebuild,
    @JsonPropertyDescription(
            "What left the log before it was applied, and was accepted as lost; absent"
                + " for nothing.")
        @Nullable List<Lost> lost) {

  public record Lost(
      @JsonPropertyDescription("Of the topic.") int partition,
      @JsonPropertyDescription("The first offset that is lost.") long from,
      @JsonPropertyDescription("The offset after the last.") long to,
      @JsonPropertyDescription("How many: at most that many events.") long offsets,
      @JsonPropertyDescription(
              "HistoryLost: all of them. HistoryCompacted: those that compaction took, of"
                  + " which some may have been deletions.")
          String reason) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rebuild(
      @JsonPropertyDescription("Loading, Comparing, Swapping or Blocked.") String phase,
      @JsonPropertyDescription("The version that is being built.") long definition,
      @JsonPropertyDescription("Of the history up to its cutover, 0 to 100.") int percent,
      @JsonPropertyDescription("Why it is Blocked, as a stable word.") @Nullable String reason,
      @JsonPropertyDescription("The same for people, with the remedy.") @Nullable String message) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BoundStore(
      @JsonPropertyDescription("The Store.") String name,
      @JsonPropertyDescription("Postgres or Redis.") String engine,
      @JsonPropertyDescription("host:port/database.") String address,
      @JsonPropertyDescription("Postgres: the qualified table. Redis: the pattern of the keys.")
          String relation) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Progress(
      @JsonPropertyDescription("Of the history up to the cutover, 0 to 100.") double percent,
      @JsonPropertyDescription("To the end of the preload; absent when unknown or done.")
          @Nullable Long etaSeconds,
      @JsonPropertyDescription("Read, over the last seconds.") double eventsPerSecond,
      @JsonPropertyDescription("Between the log's end and the position.") long lagEvents,
      @JsonPropertyDescription("Age of the oldest event that is not applied yet; 0 when caught up.")
          double lagSeconds,
      @JsonPropertyDescription("Where each event went.") Counts counts) {}
}
