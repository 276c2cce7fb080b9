package dev.millrace.testcluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The real kstatus: what {@code helm --wait}, Flux and others take an object's state for. */
public final class Kstatus {
  private Kstatus() {}

  /**
   * @param objects as JSON, each on one line
   * @return for each {@code Current}, {@code InProgress}, {@code Failed} or {@code Terminating}
   */
  public static List<String> of(List<String> objects) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Binaries.find("kstatus").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // It answers while it reads.
    Thread.ofVirtual().start(() -> write(process, objects));
    String answers = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("kstatus could not read what it was given");
    }
    return answers.lines().toList();
  }

  private static void write(Process process, List<String> objects) {
    try (var out = process.getOutputStream()) {
      out.write((String.join("\n", objects) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Its answers end, and its code tells.
    }
  }
}
