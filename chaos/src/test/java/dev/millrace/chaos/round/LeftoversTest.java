package dev.millrace.chaos.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  @TempDir Path parent;
  private Process process;

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void whatARunThatIsDeadLeftIsEndedOnce() throws Exception {
    Path site = site();
    Process owner = new ProcessBuilder("true").start();
    owner.waitFor();
    Files.writeString(site.resolve("owner"), Long.toString(owner.pid()));

    assertThat(Leftovers.end(parent)).containsExactly(site);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(Leftovers.end(parent)).isEmpty();
    assertThat(site.resolve("platform.out")).exists();
  }

  @Test
  void whatARunThatLivesHasIsLeftAlone() throws Exception {
    Leftovers.claim(site());

    assertThat(Leftovers.end(parent)).isEmpty();
    assertThat(process.isAlive()).isTrue();
  }

  /** With a process that names a file of it, as Millrace and Postgres do. */
  private Path site() throws IOException {
    Path site = Files.createDirectory(parent.resolve(Leftovers.PREFIX + "1"));
    Path output = Files.createFile(site.resolve("platform.out"));
    process = new ProcessBuilder("tail", "-f", output.toString()).start();
    return site;
  }
}
