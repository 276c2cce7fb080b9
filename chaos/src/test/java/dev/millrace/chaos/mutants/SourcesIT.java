package dev.millrace.chaos.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bugs are put into a copy of the sources; a library that it lacks would end the search at once.
 */
class SourcesIT {
  @TempDir Path top;

  @Test
  void theCopyCompiles() throws Exception {
    Sources sources = Sources.copy(Path.of("..").toAbsolutePath().normalize(), top);

    assertThat(sources.tests("provisioner")).isNotEmptyDirectory();
  }
}
