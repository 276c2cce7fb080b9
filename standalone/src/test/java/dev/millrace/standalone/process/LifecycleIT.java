package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleIT {
  /**
   * Ten seconds are promised where there is a processor to run on. Twice that is less than anything
   * that waits to its own end takes: Kafka's controlled shutdown, or a JVM whose hook hangs.
   */
  private static final Duration IN_TIME = Duration.ofSeconds(20);

  @TempDir Path directory;

  @BeforeEach
  void letOthersPass() {
    PlatformProcess.letOthersPass(directory);
  }

  @ParameterizedTest
  @ValueSource(longs = {20, 300, 700, 1200, 1800, 2600, 4000})
  void sigtermDuringStartUpEndsEverythingInTime(long millis) throws Exception {
    PlatformProcess platform = PlatformProcess.begin(directory.resolve("data"), Ports.free());
    Thread.sleep(millis);

    platform.terminate();

    platform.awaitEnd(IN_TIME);
    assertThat(processesOf(directory)).isEmpty();
  }

  @Test
  void afterAKillTheNextStartEndsTheOrphansOfItsOwnDataAndNobodyElses() {
    Path mine = directory.resolve("a path with spaces").resolve("data");
    try (PlatformProcess other = PlatformProcess.start(directory.resolve("other"))) {
      PlatformProcess killed = PlatformProcess.start(mine);
      List<ProcessHandle> orphans = killed.servers();
      List<ProcessHandle> others = other.servers();
      killed.kill();
      assertThat(orphans).hasSize(2).allMatch(ProcessHandle::isAlive);

      try (PlatformProcess next = PlatformProcess.begin(mine, killed.port()).awaitUp()) {
        assertThat(orphans).noneMatch(ProcessHandle::isAlive);
        assertThat(others).hasSize(2).allMatch(ProcessHandle::isAlive);
        assertThat(next.servers()).hasSize(2);
        assertThat(next.kafka().get("bootstrap.servers"))
            .isEqualTo(killed.kafka().get("bootstrap.servers"));
      }
      assertThat(refusal(mine, other.port()))
          .contains("port " + other.port() + " is taken", "--port");
      assertThat(refusal(directory.resolve("other"), Ports.free()))
          .contains("in use by another Millrace (pid " + other.pid() + ")", "--data");
    }
    assertThat(processesOf(directory)).isEmpty();
  }

  @Test
  void dataOfANewerVersionIsNotTouched() throws IOException {
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.writeString(data.resolve("format"), "99\n");

    assertThat(refusal(data, Ports.free())).contains("newer version", "format 99", "--data");
    assertThat(data.resolve("postgres")).doesNotExist();
  }

  @Test
  void aServerThatWasNamedAndDoesNotAnswerIsSaidInOneSentence() {
    int nobody = Ports.free();
    assertThat(
            refusal(
                directory.resolve("data"),
                Ports.free(),
                "--postgres",
                "postgresql://me:secret@127.0.0.1:" + nobody + "/postgres"))
        .contains("Postgres at 127.0.0.1:" + nobody)
        .doesNotContain("secret");
    assertThat(processesOf(directory)).isEmpty();
  }

  @Test
  void resetForgetsTheDataAfterAsking() throws Exception {
    Path data = directory.resolve("data");
    PlatformProcess.start(data).close();

    assertThat(reset(data, "no\n")).isEqualTo(1);
    assertThat(data.resolve("postgres")).exists();
    assertThat(reset(data, "yes\n")).isZero();
    assertThat(data).doesNotExist();
  }

  private int reset(Path data, String answer) throws Exception {
    Process process =
        PlatformProcess.launch(
            directory.resolve("reset.out"), List.of("reset", "--data", data.toString()));
    try (var in = process.outputWriter()) {
      in.write(answer);
    }
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** The one sentence with which a start is refused. */
  private String refusal(Path data, int port, String... options) {
    PlatformProcess refused = PlatformProcess.begin(data, port, options);
    assertThat(refused.awaitEnd(PlatformProcess.LONG)).isEqualTo(1);
    assertThat(refused.output().strip().lines()).hasSize(1);
    return refused.output();
  }

  private static List<String> processesOf(Path directory) {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> line.contains(directory.toString()))
        .toList();
  }
}
