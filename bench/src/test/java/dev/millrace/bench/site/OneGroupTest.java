package dev.millrace.bench.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneGroupTest {
  private static final String OWN = Long.toString(ProcessHandle.current().pid());

  @TempDir Path directory;
  private Path proc;
  private Path groups;

  @BeforeEach
  void linux() throws IOException {
    proc = Files.createDirectories(directory.resolve("proc"));
    groups = Files.createDirectories(directory.resolve("cpu"));
    Files.createDirectories(proc.resolve("sys/kernel"));
    Files.createDirectories(proc.resolve("self"));
    autogroup("1");
    cgroup("1:cpu,cpuacct:/\n0::/\n");
    mounts("cgroup " + directory.resolve("memory") + " cgroup rw,relatime,memory 0 0");
  }

  @Test
  void aGroupOfItsOwnIsEnteredWhereSessionsAreGroups() throws IOException {
    mounts("cgroup " + groups + " cgroup rw,relatime,cpu,cpuacct 0 0");

    assertThat(new OneGroup(proc).entered()).isEmpty();

    assertThat(groups.resolve("millrace-bench/cgroup.procs")).content().isEqualTo(OWN);
  }

  @Test
  void nothingIsDoneWhereSessionsAreNoGroups() throws IOException {
    mounts("cgroup " + groups + " cgroup rw,relatime,cpu,cpuacct 0 0");
    autogroup("0");
    assertThat(new OneGroup(proc).entered()).isEmpty();

    autogroup("1");
    cgroup("1:cpu,cpuacct:/somewhere\n0::/\n");
    assertThat(new OneGroup(proc).entered()).isEmpty();

    cgroup("0::/user.slice/session-1.scope\n");
    assertThat(new OneGroup(proc).entered()).isEmpty();

    Files.delete(proc.resolve("sys/kernel/sched_autogroup_enabled"));
    assertThat(new OneGroup(proc).entered()).isEmpty();
    assertThat(groups).isEmptyDirectory();
  }

  @Test
  void whoMeasuresIsToldWhereItCannotBe() throws IOException {
    assertThat(new OneGroup(proc).entered()).hasValueSatisfying(OneGroupTest::isRemedy);

    cgroup("0::/\n");
    mounts("cgroup2 " + groups + " cgroup2 rw 0 0");
    assertThat(new OneGroup(proc).entered()).hasValueSatisfying(OneGroupTest::isRemedy);

    cgroup("1:cpu:/\n");
    mounts("cgroup " + directory.resolve("proc/self/mounts") + " cgroup cpu 0 0");
    assertThat(new OneGroup(proc).entered()).hasValueSatisfying(OneGroupTest::isRemedy);
  }

  private static void isRemedy(String told) {
    assertThat(told).contains("kernel.sched_autogroup_enabled=0");
  }

  private void autogroup(String value) throws IOException {
    Files.writeString(proc.resolve("sys/kernel/sched_autogroup_enabled"), value + "\n");
  }

  private void cgroup(String lines) throws IOException {
    Files.writeString(proc.resolve("self/cgroup"), lines);
  }

  private void mounts(String line) throws IOException {
    Files.writeString(proc.resolve("self/mounts"), line + "\n");
  }
}
