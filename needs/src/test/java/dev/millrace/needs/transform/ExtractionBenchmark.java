package dev.millrace.needs.transform;

import dev.millrace.needs.event.EventFailed;
import dev.millrace.needs.event.FieldPath;
import dev.millrace.needs.event.RawEvent;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;

/** What it costs to know where the fields of one event are, and to read some of them. */
public class ExtractionBenchmark extends Nanoseconds {
  private static final int EVENTS = 20_000;

  private final List<Bids.Bid> bids = Bids.of(EVENTS);
  private final FieldPath number = FieldPath.dotted("price");
  private final FieldPath text = FieldPath.dotted("extra");

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void scan(Blackhole hole) throws EventFailed {
    for (Bids.Bid bid : bids) {
      hole.consume(new RawEvent(bid.value()).read());
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void scanAndReadANumber(Blackhole hole) throws EventFailed {
    for (Bids.Bid bid : bids) {
      hole.consume(new RawEvent(bid.value()).read().at(number));
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void scanAndReadAText(Blackhole hole) throws EventFailed {
    for (Bids.Bid bid : bids) {
      hole.consume(new RawEvent(bid.value()).read().at(text));
    }
  }
}
