package dev.millrace.bench.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UsageTest {
  private static final boolean TOLD = Files.exists(Path.of("/proc/self/stat"));

  @Test
  void whatAProcessUsesIsToldOnLinuxAndIsNoNumberElsewhere() {
    ProcessHandle self = ProcessHandle.current();

    assertThat(Usage.cpu(self) > 0).isEqualTo(TOLD);
    assertThat(Usage.peak(self) > 10).isEqualTo(TOLD);
  }

  @Test
  void aChildCountsWhenItHasEnded() throws Exception {
    double before = Usage.cpuOfEnded();
    Process child =
        new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done").start();
    assertThat(child.waitFor()).isZero();

    assertThat(Usage.cpuOfEnded() - before > 0).isEqualTo(TOLD);
  }
}
