package dev.millrace.needs.transform;

import dev.millrace.needs.event.EventFailed;
import dev.millrace.needs.event.FieldPath;
import dev.millrace.needs.event.RawEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What it costs to know where the fields of one event are, and to read some of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xmx640m"})
public class ExtractionBenchmark {
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
