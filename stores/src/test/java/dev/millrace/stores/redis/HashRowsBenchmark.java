package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Nanoseconds;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** What it costs to write one row as a command of Redis, to nowhere. */
public class HashRowsBenchmark extends Nanoseconds {
  private static final int ROWS = 200;
  private static final byte[] KEY = "bid:123456".getBytes(StandardCharsets.US_ASCII);

  private static final @Nullable Object[] BID = {
    123_456L,
    50_123L,
    5_123L,
    3_162_278L,
    "Google",
    "https://www.nexmark.com/abcde/fghij/klmno/item.htm?query=1",
    Instant.parse("2026-01-01T00:16:40.123Z"),
    "x".repeat(90)
  };

  private final HashRows rows =
      new HashRows(
          Stream.of("id", "auction", "bidder", "price", "channel", "url", "dateTime", "extra")
              .map(name -> new PipelinePlan.Column(name, name, null, "text", false, "None"))
              .toList());

  private final Requests requests = Requests.to(OutputStream.nullOutputStream());

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int bid() throws IOException {
    for (int i = 0; i < ROWS; i++) {
      rows.write(requests, KEY, BID, OptionalLong.empty());
    }
    return requests.commands();
  }
}
