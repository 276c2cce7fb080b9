package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that ends while it starts a server. */
class EndingTest {
  @TempDir Path directory;

  /** Its pid file is a pipe: the start is not over before somebody reads what is written there. */
  @Test
  @Timeout(60)
  void aServerThatIsJustBeingStartedEndsToo() throws Exception {
    Path pidFile = directory.resolve("server.pid");
    assertThat(new ProcessBuilder("mkfifo", pidFile.toString()).start().waitFor()).isZero();
    Process starting =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Starting.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    ProcessHandle server = serverOf(starting);
    try {
      starting.destroy();

      assertThat(starting.waitFor(2, TimeUnit.SECONDS))
          .as("ended before it knew of its server: %s", output())
          .isFalse();
      assertThat(Files.readString(pidFile)).startsWith(server.pid() + " TERM ");

      assertThat(starting.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.isAlive()).isFalse();
    } finally {
      server.destroyForcibly();
      starting.destroyForcibly();
    }
  }

  private ProcessHandle serverOf(Process starting) throws IOException, InterruptedException {
    while (true) {
      Optional<ProcessHandle> server =
          starting
              .children()
              .filter(child -> child.info().command().orElse("").endsWith("/sleep"))
              .findFirst();
      if (server.isPresent()) {
        return server.get();
      }
      assertThat(starting.isAlive()).as(output()).isTrue();
      Thread.sleep(10);
    }
  }

  private String output() throws IOException {
    return Files.readString(directory.resolve("output"));
  }

  /** Starts a server in the directory named, and ends it with itself. */
  static final class Starting {
    private Starting() {}

    public static void main(String[] args) {
      Path directory = Path.of(args[0]);
      Runtime.getRuntime().addShutdownHook(new Thread(OwnedProcess::endAll));
      OwnedProcess.start(
          new ProcessBuilder("sleep", "600"),
          directory.resolve("server.pid"),
          "TERM",
          directory.resolve("server.log"));
    }
  }
}
