package dev.millrace.needs.transform;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What one event costs, from its bytes to what is to be done with it, in one pipeline. */
public class TransformBenchmark extends Nanoseconds {
  private static final int EVENTS = 20_000;

  private static final Map<String, Work> WORK =
      Map.of(
          "q0", new Work(null, Bids.ALL),
          "q2", new Work("event.auction % 123 == 0", Bids.ALL),
          "q22", new Work("event.price >= 3162278", Bids.PRICED),
          "text",
              new Work("event.channel in ['Apple', 'Baidu'] && event.url.endsWith('7')", Bids.ALL));

  private record Work(
      @org.jspecify.annotations.Nullable String filter,
      List<dev.millrace.api.plan.PipelinePlan.Column> columns) {}

  @Param({"q0", "q2", "q22", "text"})
  public String query;

  @Param({"false", "true"})
  public boolean insertOnly;

  private List<Bids.Bid> bids;
  private Transform transform;

  @Setup
  public void compile() throws Exception {
    bids = Bids.of(EVENTS);
    Work work = WORK.get(query);
    transform =
        Transforms.compile(Bids.plan(work.filter(), work.columns(), insertOnly), Optional.empty());
  }

  /** The number of rows, so that nothing can be left out. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long event() {
    long rows = 0;
    for (Bids.Bid bid : bids) {
      rows += transform.apply(bid.key(), bid.value()) instanceof Outcome.Put ? 1 : 0;
    }
    return rows;
  }
}
