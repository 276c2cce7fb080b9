package dev.millrace.bench.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakPartsTest {
  @TempDir Path directory;

  @Test
  void theHeapIsWhatTheLastFullCollectionLeft() {
    assertThat(
            HeapLog.last(
                List.of(
                    "[1.2s][info][gc] GC(0) Pause Full (System.gc()) 91M->40M(192M) 31.0ms",
                    "[2.2s][info][gc] GC(1) Pause Full (System.gc()) 99M->41M(192M) 30.0ms",
                    "[3.2s][info][gc] GC(2) Pause Young (Allocation Failure) 150M->90M(192M) 3.1ms")))
        .hasValue(41);
    assertThat(HeapLog.last(List.of("[0.1s][info][gc] Using Parallel"))).isEmpty();
  }

  @Test
  void linesThatComplainAreCountedFromAMomentOn() throws Exception {
    Path log = directory.resolve("millrace.log");
    Path later = directory.resolve("worker.out");
    Files.writeString(log, "2026-11-26 10:00:00,000 WARN  [d.m.A] (main) before\n");

    Complaints complaints = Complaints.since(List.of(log, later));
    Files.writeString(
        log,
        """
        2026-11-26 10:00:01,000 INFO  [d.m.A] (main) taken over, no ERROR_RATE to tell
        2026-11-26 10:00:02,000 WARN  [d.m.A] (main) kafka failed, goes on
        2026-11-26 10:00:03,000 ERROR [d.m.A] (main) a fault of ours
        java.lang.IllegalStateException: why
        \tat dev.millrace.A.b(A.java:1)
        """,
        StandardOpenOption.APPEND);
    Files.writeString(later, "worker-7 works for /tmp\njava.lang.OutOfMemoryError: heap\n");

    assertThat(complaints.found().count()).isEqualTo(4);
    assertThat(complaints.found().first())
        .noneMatch(line -> line.contains("before") || line.contains("INFO"));
  }

  @Test
  void percentilesAreByNearestRank() {
    List<Long> nanos = LongStream.rangeClosed(1, 200).map(i -> i * 1_000_000).boxed().toList();

    assertThat(Percentile.millis(nanos, 50)).isEqualTo(100);
    assertThat(Percentile.millis(nanos, 99)).isEqualTo(198);
    assertThat(Percentile.millis(List.of(), 99)).isNaN();
  }

  @Test
  void theHighestRateIsFoundBetweenTheLastThatHoldsAndTheFirstThatDoesNot() throws Exception {
    List<Integer> tried = new ArrayList<>();

    int best =
        RateSearch.highest(
            2_000,
            rate -> {
              tried.add(rate);
              return rate <= 8_000;
            });

    // 6,750 holds, 10,125 does not, and neither does the middle.
    assertThat(best).isEqualTo(6_750);
    assertThat(tried).containsExactly(2_000, 2_000, 3_000, 4_500, 6_750, 10_125, 8_437);
    assertThat(RateSearch.highest(2_000, rate -> rate <= 9_000)).isEqualTo(8_437);
    assertThat(RateSearch.highest(2_000, rate -> false)).isZero();
  }

  @Test
  void theSearchBeginsWhenTheLowestRateHasHeldOnceAndThenEachRateHasOneTry() throws Exception {
    List<Integer> tried = new ArrayList<>();

    int best =
        RateSearch.highest(
            2_000,
            rate -> {
              tried.add(rate);
              return tried.size() == 4;
            });

    // Held when warm, and failed when it counted.
    assertThat(best).isZero();
    assertThat(tried).containsExactly(2_000, 2_000, 2_000, 2_000, 2_000);

    tried.clear();
    assertThat(RateSearch.highest(2_000, rate -> !tried.add(rate))).isZero();
    assertThat(tried).hasSize(RateSearch.MOST_WARM_UPS + 1);
  }
}
