package dev.millrace.operator.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real {@code kubectl}, as one user. */
public final class Kubectl {
  private final Path kubeconfig;

  public Kubectl(ApiServer server, String user) {
    this.kubeconfig = server.kubeconfig(user);
  }

  /** What came of it; both streams. */
  public record Outcome(int code, String text) {}

  /**
   * @param input what it reads as {@code -}
   */
  public Outcome run(String input, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Binaries.find("kubectl").toString(), "--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Its cache of what an API server has is kept by address, and ports come again.
    builder.environment().put("KUBECACHEDIR", kubeconfig.getParent().resolve("cache").toString());
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }
}
