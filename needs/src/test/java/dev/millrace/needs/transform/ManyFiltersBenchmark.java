package dev.millrace.needs.transform;

import dev.millrace.needs.event.RawEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** What one evaluation costs where a thousand subscriptions have filters of their own. */
public class ManyFiltersBenchmark extends Nanoseconds {
  private static final int SUBSCRIPTIONS = 1_000;

  /** As many as a chunk has; all subscriptions share its events. */
  private static final int EVENTS = 500;

  private final List<Bids.Bid> bids = Bids.of(EVENTS);
  private final List<Transform> transforms = new ArrayList<>();
  private List<RawEvent> shared = List.of();

  /** As a thousand teams would have them. */
  @Setup
  public void compile() throws Exception {
    for (int i = 0; i < SUBSCRIPTIONS; i++) {
      String filter =
          switch (i % 4) {
            case 0 -> "event.auction % 1000 == " + i;
            case 1 -> "event.bidder == " + (1000 + i);
            case 2 -> "event.channel == 'Apple' && event.price < " + 100 * i;
            default -> "event.url.startsWith('https://www.nexmark.com/item" + i + "')";
          };
      transforms.add(Transforms.compile(Bids.plan(filter, Bids.ALL, true), Optional.empty()));
    }
  }

  @Setup(Level.Invocation)
  public void read() {
    shared = bids.stream().map(bid -> new RawEvent(bid.value())).toList();
  }

  @Benchmark
  @OperationsPerInvocation(SUBSCRIPTIONS * EVENTS)
  public long evaluation() {
    long rows = 0;
    for (Transform transform : transforms) {
      for (int i = 0; i < EVENTS; i++) {
        rows += transform.apply(bids.get(i).key(), shared.get(i)) instanceof Outcome.Put ? 1 : 0;
      }
    }
    return rows;
  }
}
