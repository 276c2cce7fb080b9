package dev.millrace.bench.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.bench.workload.Bid;
import dev.millrace.bench.workload.Query;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTextTest {
  private static final long SEED = 1;
  private static final int EVENTS = 1_000;

  @TempDir Path directory;

  @Test
  void aFileHasALineForEachRowAndEveryValueCanBeReadBack() throws Exception {
    Path file = directory.resolve("rows");

    CopyText.write(file, Query.Q0, SEED, EVENTS);

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(EVENTS);
    for (int i = 0; i < EVENTS; i++) {
      Bid bid = Bid.of(SEED, i);
      assertThat(Arrays.stream(lines.get(i).split("\t")).map(CopyText::unescaped))
          .containsExactly(
              Long.toString(bid.id()),
              Long.toString(bid.auction()),
              Long.toString(bid.bidder()),
              Long.toString(bid.price()),
              bid.channel(),
              bid.url(),
              bid.time(),
              bid.extra());
    }
    assertThat(lines).anyMatch(line -> line.contains("\\\\temp\\\\new,\\ta tab\\nand"));
  }
}
