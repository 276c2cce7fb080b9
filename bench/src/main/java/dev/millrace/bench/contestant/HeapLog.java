package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a worker's heap holds behind a full collection, as its JVM logs it: all that lives, and
 * nothing else.
 */
final class HeapLog {
  private static final Pattern FULL = Pattern.compile("Pause Full .*->(\\d+)M\\(");
  private static final long PATIENCE_SECONDS = 20;

  private final Path directory;
  private final Path file;

  HeapLog(Site site) {
    directory = site.directory();
    file = directory.resolve("worker-gc.log");
  }

  /** For the worker's JVM. */
  String option() {
    return "-Xlog:gc:file=" + file;
  }

  /** Has the worker collect, and tells what is left, in MB; not a number where it is not told. */
  double collect(Worker worker) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(worker.handle().pid()),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("jcmd.out").toFile())
            .start();
    if (!jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      jcmd.destroyForcibly();
    }
    return Files.exists(file) ? last(Files.readAllLines(file)).orElse(Double.NaN) : Double.NaN;
  }

  /** In MB, of the last full collection. */
  static OptionalDouble last(List<String> lines) {
    for (String line : lines.reversed()) {
      Matcher full = FULL.matcher(line);
      if (full.find()) {
        return OptionalDouble.of(Double.parseDouble(full.group(1)));
      }
    }
    return OptionalDouble.empty();
  }
}
