package dev.millrace.bench;

import dev.millrace.bench.growth.Dimensions;
import dev.millrace.bench.growth.Growth;
import dev.millrace.bench.growth.GrowthReport;
import dev.millrace.bench.result.Result;
import dev.millrace.bench.result.SoakResult;
import dev.millrace.bench.row.Chart;
import dev.millrace.bench.row.Rows;
import dev.millrace.bench.row.Standing;
import dev.millrace.bench.row.Table;
import dev.millrace.bench.soak.SoakReport;
import dev.millrace.outside.JsonLines;
import dev.millrace.outside.MarkedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The results below {@code bench/results}, and the page and charts that are made of all of them.
 */
final class Kept {
  private final Path docs;
  private final JsonLines<Result> runs;
  private final JsonLines<SoakResult> soaks;

  Kept(Path home) {
    Path results = home.resolve("bench").resolve("results");
    docs = home.resolve("docs");
    runs = new JsonLines<>(results, Result.class);
    soaks = new JsonLines<>(results.resolve("soak"), SoakResult.class);
  }

  void add(Result result) throws IOException {
    runs.add(result.commit(), result);
  }

  void add(SoakResult result) throws IOException {
    soaks.add(result.commit(), result);
  }

  List<Result> runs() throws IOException {
    return runs.all();
  }

  void writePage() throws IOException {
    MarkedPage.write(
        docs.resolve("performance.md"), "./millrace bench --write", targets() + growth() + soak());
  }

  private String targets() throws IOException {
    List<Result> all = runs();
    List<Standing> standings =
        Rows.all().stream().map(row -> Standing.of(row, all)).flatMap(Optional::stream).toList();
    if (standings.isEmpty()) {
      return "";
    }
    Files.writeString(docs.resolve("performance.svg"), Chart.svg(standings));
    return "![How much room there is to each target](performance.svg)\n\n"
        + Table.ofTargets(Rows.all(), all)
        + "\n## Who did what how fast\n\n"
        + Table.ofContestants(Rows.scenarios(), all);
  }

  private String growth() throws IOException {
    List<Result> all = runs();
    List<Growth> measured =
        Dimensions.all(false).stream()
            .map(dimension -> Growth.of(dimension, all))
            .flatMap(Optional::stream)
            .toList();
    if (measured.isEmpty()) {
      return "";
    }
    Files.writeString(docs.resolve("growth.svg"), GrowthReport.chart(measured));
    return "\n## How cost grew\n\n![What a unit of work costs](growth.svg)\n\n"
        + GrowthReport.tables(measured);
  }

  private String soak() throws IOException {
    Optional<SoakResult> soak = SoakReport.shown(soaks.all());
    if (soak.isEmpty()) {
      return "";
    }
    Files.writeString(docs.resolve("soak.svg"), SoakReport.chart(soak.get()));
    return "\n## The soak\n\n![Memory and latency of a soak](soak.svg)\n\n"
        + SoakReport.page(soak.get());
  }
}
