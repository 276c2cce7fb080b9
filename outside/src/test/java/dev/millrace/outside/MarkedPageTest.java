package dev.millrace.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedPageTest {
  @TempDir Path directory;

  @Test
  void whatPeopleWroteStaysAndWhatWasWrittenBeforeGoes() throws Exception {
    Path page = Files.writeString(directory.resolve("page.md"), "# Title\n\nText.\n");

    MarkedPage.write(page, "./millrace it --write", "first\n");
    MarkedPage.write(page, "./millrace it --write", "second\n");

    assertThat(page)
        .hasContent("# Title\n\nText.\n\n<!-- written by ./millrace it --write -->\n\nsecond\n");
  }
}
