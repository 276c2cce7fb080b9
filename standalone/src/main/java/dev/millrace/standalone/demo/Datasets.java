package dev.millrace.standalone.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/** The two source files, as the build fetched them. */
record Datasets(Path flights, Path earthquakes) {

  static Datasets in(Path directory) {
    Datasets datasets =
        new Datasets(
            directory.resolve("flights-3m.parquet"), directory.resolve("earthquakes.json"));
    for (Path file : new Path[] {datasets.flights, datasets.earthquakes}) {
      if (!Files.isReadable(file)) {
        throw new DemoFailed(
            file.toAbsolutePath()
                + " is missing: the build fetches it (./mvnw -pl standalone -am package), or give"
                + " another directory with -Dmillrace.datasets=DIR");
      }
    }
    return datasets;
  }
}
