package dev.millrace.standalone;

import dev.millrace.standalone.server.Shutdown;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "up", description = "The whole platform in this process.")
final class UpCommand implements Callable<Integer> {
  private final Shutdown shutdown;

  @Mixin ServerOptions options = new ServerOptions();

  @Option(
      names = "--no-worker",
      description = "Without a worker in this process; start some with ./millrace worker.")
  boolean noWorker;

  UpCommand(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() {
    return new Standalone(options, !noWorker, shutdown).run(Standalone.WAIT);
  }
}
