package dev.millrace.stores;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Plans for tests. Without more said: Upsert by {@code id} (text) with {@code name} (text) and
 * {@code total} (decimal(12,2)), two partitions from offset 0.
 */
public final class PlanBuilder {
  private final String name;
  private final List<PipelinePlan.Column> columns = new ArrayList<>();
  private PipelinePlan.Target target;
  private String tenant = "sales";
  private String uid;
  private String topicId = "topic-1";
  private String mode = "Upsert";
  private long definition = 1;
  private int partitions = 2;
  private long start;

  /**
   * @param target where it keeps its rows
   */
  public PlanBuilder(String name, PipelinePlan.Target target) {
    this.name = name;
    this.uid = "uid-" + name;
    this.target = target;
  }

  public PlanBuilder in(PipelinePlan.Target target) {
    this.target = target;
    return this;
  }

  public PlanBuilder tenant(String tenant) {
    this.tenant = tenant;
    return this;
  }

  public PlanBuilder uid(String uid) {
    this.uid = uid;
    return this;
  }

  public PlanBuilder topicId(String topicId) {
    this.topicId = topicId;
    return this;
  }

  public PlanBuilder append() {
    this.mode = "Append";
    return this;
  }

  public PlanBuilder definition(long definition) {
    this.definition = definition;
    return this;
  }

  public PlanBuilder partitions(int partitions) {
    this.partitions = partitions;
    return this;
  }

  public PlanBuilder startingAt(long start) {
    this.start = start;
    return this;
  }

  /** Keys come before the other columns, so that a row begins with its key. */
  public PlanBuilder key(String column, String type) {
    columns.add(new PipelinePlan.Column(column, column, null, type, true, "None"));
    return this;
  }

  public PlanBuilder column(String column, String type) {
    columns.add(new PipelinePlan.Column(column, column, null, type, false, "None"));
    return this;
  }

  public PipelinePlan build() {
    if (columns.isEmpty()) {
      key("id", "text").column("name", "text").column("total", "decimal(12,2)");
    }
    return new PipelinePlan(
        new ObjectKey(tenant, name),
        uid,
        definition,
        List.of(mode.equals("Append") ? "append" : "upsert"),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("shop", "orders"),
            "shop.orders",
            topicId,
            "cluster-1",
            partitions,
            Json.STRICT.createObjectNode().put("type", "object"),
            columns.get(0).name(),
            false),
        null,
        List.copyOf(columns),
        mode,
        target,
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        offsets(),
        offsets(),
        null);
  }

  private Map<Integer, Long> offsets() {
    return IntStream.range(0, partitions)
        .boxed()
        .collect(Collectors.toMap(p -> p, p -> start, (a, b) -> a, TreeMap::new));
  }
}
