package dev.millrace.testcluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program that people have, as one user of an API server. */
abstract sealed class Tool permits Kubectl, Helm {
  private final String program;
  private final Path kubeconfig;

  Tool(String program, ApiServer server, String user) {
    this.program = program;
    this.kubeconfig = server.kubeconfig(user);
  }

  /** The variables of a shell in which these programs are in the path, as this user. */
  public final Map<String, String> environment() {
    // Their caches of what an API server has are kept by address, and ports come again.
    String cache = kubeconfig.resolveSibling("cache").toString();
    return Map.of(
        "KUBECONFIG",
        kubeconfig.toString(),
        "KUBECACHEDIR",
        cache,
        "HELM_CACHE_HOME",
        cache,
        "PATH",
        Binaries.find(program).getParent() + ":" + System.getenv("PATH"));
  }

  /**
   * @param input what it reads as {@code -}
   */
  public final Outcome run(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Binaries.find(program).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment());
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }
}
