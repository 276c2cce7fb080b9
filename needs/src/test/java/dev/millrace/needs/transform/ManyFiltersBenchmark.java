package dev.millrace.needs.transform;

import dev.millrace.needs.event.RawEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What an event costs each of a thousand subscriptions that have filters of their own: when each is
 * evaluated, and when those that cannot match are told by what all know of the events.
 */
public class ManyFiltersBenchmark extends Nanoseconds {
  private static final int SUBSCRIPTIONS = 1_000;

  /** As many as a chunk has; all subscriptions share its events. */
  private static final int EVENTS = 500;

  private final List<Bids.Bid> bids = Bids.of(EVENTS);
  private final List<Transform> transforms = new ArrayList<>();
  private List<RawEvent> events = List.of();
  private SharedEvents shared = new SharedEvents(List.of(), i -> null);

  /** Otherwise the keys of events that leave are looked at. */
  @Param({"true", "false"})
  public boolean insertOnly;

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
      transforms.add(Transforms.compile(Bids.plan(filter, Bids.ALL, insertOnly), Optional.empty()));
    }
  }

  @Setup(Level.Invocation)
  public void read() {
    events = bids.stream().map(bid -> new RawEvent(bid.value())).toList();
    shared = new SharedEvents(events, i -> bids.get(i).key());
  }

  @Benchmark
  @OperationsPerInvocation(SUBSCRIPTIONS * EVENTS)
  public long evaluation() {
    long rows = 0;
    for (Transform transform : transforms) {
      for (int i = 0; i < EVENTS; i++) {
        rows += transform.apply(bids.get(i).key(), events.get(i)) instanceof Outcome.Put ? 1 : 0;
      }
    }
    return rows;
  }

  @Benchmark
  @OperationsPerInvocation(SUBSCRIPTIONS * EVENTS)
  public long selection() {
    long rows = 0;
    for (Transform transform : transforms) {
      Selection selection = transform.among(shared);
      for (int i = selection.next(0); i < EVENTS; i = selection.next(i + 1)) {
        rows += transform.apply(bids.get(i).key(), events.get(i)) instanceof Outcome.Put ? 1 : 0;
      }
    }
    return rows;
  }
}
