package dev.millrace.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.plan.PipelinePlan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;

/** What tests of a swap are made of: a live plan, its shadow, and the plan that comes after. */
public abstract class Rebuilds {
  private static final AtomicInteger NAMES = new AtomicInteger();

  protected static final UnaryOperator<PlanBuilder> NAMED =
      plan -> plan.key("id", "text").column("name", "text").partitions(1);
  protected static final UnaryOperator<PlanBuilder> NOTED =
      plan -> plan.key("id", "text").column("name", "text").column("note", "text").partitions(1);

  protected abstract StoreUnderTest store();

  @BeforeEach
  void prepare() throws StoreProblem {
    driver().prepare(store().site());
  }

  /** What ran, what was loaded beside it, and what runs from the swap on. */
  public record Rebuild(PipelinePlan live, PipelinePlan shadow, PipelinePlan next) {}

  protected interface Attempt {
    void run() throws Exception;
  }

  protected static StoreProblem assertProblem(String code, Attempt attempt) {
    return SinkContract.assertProblem(code, attempt::run);
  }

  protected final StoreDriver driver() {
    return store().driver();
  }

  protected final String fresh() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT) + NAMES.incrementAndGet();
  }

  protected final Rebuild plans(UnaryOperator<PlanBuilder> of, UnaryOperator<PlanBuilder> to) {
    PipelinePlan live = of.apply(store().plan(fresh())).build();
    PipelinePlan next = copy(live, to, 2);
    return new Rebuild(live, shadow(next, to), next);
  }

  protected final PipelinePlan copy(
      PipelinePlan live, UnaryOperator<PlanBuilder> shape, long definition) {
    return shape
        .apply(store().plan(live.subscription().name()).in(live.target()))
        .definition(definition)
        .build();
  }

  protected final PipelinePlan shadow(PipelinePlan next, UnaryOperator<PlanBuilder> shape) {
    return shape
        .apply(new PlanBuilder(next.subscription().name() + "~rebuild", store().shadowTarget(next)))
        .uid(next.uid() + "~" + next.definition() + "-abcdef")
        .definition(next.definition())
        .build();
  }

  protected final Rebuild provisioned(UnaryOperator<PlanBuilder> of, UnaryOperator<PlanBuilder> to)
      throws StoreProblem {
    Rebuild plans = plans(of, to);
    provision(plans.live());
    provisionShadow(plans.shadow());
    return plans;
  }

  protected final void provision(PipelinePlan plan) throws StoreProblem {
    driver().provision(store().site(), plan, new Reader.Made(store().reader(plan)));
  }

  protected final void provisionShadow(PipelinePlan plan) throws StoreProblem {
    driver().provision(store().site(), plan, new Reader.None());
  }

  protected final void write(PipelinePlan plan, Feed feed) throws Exception {
    try (Sink sink = driver().sink(store().site(), plan, "worker")) {
      sink.take(plan.start().keySet());
      sink.write(feed.batch());
    }
  }

  protected static Feed put(Object... row) {
    return new Feed(0).put(row);
  }

  protected final void swap(Rebuild rebuild) throws StoreProblem {
    driver().swap(store().site(), rebuild.live(), rebuild.shadow(), rebuild.next());
  }

  protected final List<Map<String, String>> rows(PipelinePlan plan) throws Exception {
    return store().rowsAs(store().site().writer(), plan);
  }

  protected final Map<String, String> names(PipelinePlan plan) throws Exception {
    return byId(rows(plan));
  }

  protected static Map<String, String> byId(List<Map<String, String>> rows) {
    Map<String, String> names = new TreeMap<>();
    rows.forEach(row -> names.put(row.get("id"), row.get("name")));
    assertThat(names).hasSize(rows.size());
    return names;
  }

  protected final List<JsonNode> deadLetters(PipelinePlan plan) throws StoreProblem {
    return driver().deadLetters(store().site(), plan, 100, Optional.empty()).entries();
  }
}
