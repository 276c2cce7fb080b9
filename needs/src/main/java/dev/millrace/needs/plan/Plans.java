package dev.millrace.needs.plan;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.check.ProductCheck;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one way to a plan, for every controller. Pure. */
public final class Plans {

  /** What a worker of this version knows. A plan may require more; then it is refused. */
  public static final Set<String> FEATURES = Set.of("cel", "masks", "upsert", "append", "since");

  private Plans() {}

  /**
   * @param uid of the subscription
   * @param definition version of what is written
   * @param rebuild the request's token that this definition is made for
   */
  public static PipelinePlan plan(
      Need need,
      String uid,
      long definition,
      SourceFacts source,
      Place place,
      Optional<String> rebuild) {
    return new PipelinePlan(
        need.subscription(),
        uid,
        definition,
        requires(need),
        need.state(),
        new PipelinePlan.Source(
            need.product(),
            ProductCheck.topicName(need.product(), need.productSpec()),
            source.topicId(),
            source.clusterId(),
            source.partitions(),
            Objects.requireNonNull(need.productSpec().schema()),
            Objects.requireNonNull(need.productSpec().key()),
            Boolean.TRUE.equals(need.productSpec().insertOnly())),
        need.filter().orElse(null),
        need.columns(),
        need.mode(),
        new PipelinePlan.Target(
            need.engine(),
            place.store(),
            place.host(),
            place.port(),
            place.database(),
            place.tls(),
            place.writer(),
            need.table().orElse(null),
            need.keys().orElse(null)),
        need.onError(),
        source.start(),
        cutover(source),
        place.hashKey().orElse(null),
        source.until().orElse(null),
        null,
        rebuild.orElse(null),
        null,
        source.at(),
        null);
  }

  /**
   * A start beyond the log's end, as Now may be by the time it is asked, has no history; nor has
   * what comes after the end.
   */
  private static Map<Integer, Long> cutover(SourceFacts source) {
    return source.start().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                start ->
                    Math.max(
                        start.getValue(),
                        Math.min(
                            end(source, start.getKey()),
                            source.highWatermark().getOrDefault(start.getKey(), 0L)))));
  }

  private static long end(SourceFacts source, int partition) {
    return source
        .until()
        .map(until -> until.getOrDefault(partition, Long.MAX_VALUE))
        .orElse(Long.MAX_VALUE);
  }

  private static List<String> requires(Need need) {
    boolean masked = need.columns().stream().anyMatch(column -> !column.mask().equals("None"));
    boolean cel =
        need.filter().isPresent()
            || need.columns().stream().anyMatch(column -> column.expr() != null);
    return Stream.of(
            need.mode().equals("Append") ? "append" : "upsert",
            cel ? "cel" : "",
            masked ? "masks" : "")
        .filter(feature -> !feature.isEmpty())
        .toList();
  }
}
