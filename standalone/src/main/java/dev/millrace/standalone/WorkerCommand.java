package dev.millrace.standalone;

import dev.millrace.provisioner.Worker;
import dev.millrace.provisioner.WorkerSettings;
import dev.millrace.standalone.server.DataDirectory;
import dev.millrace.standalone.server.RunFiles;
import dev.millrace.standalone.server.Shutdown;
import dev.millrace.stores.credentials.FileVault;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "worker", description = "One more worker for the platform that runs.")
final class WorkerCommand implements Callable<Integer> {
  private final Shutdown shutdown;

  @Option(names = "--data", paramLabel = "DIR", description = "Of the platform that runs.")
  @Nullable Path data;

  WorkerCommand(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() throws InterruptedException {
    ConsoleLog.begin();
    Path home = DataDirectory.path(Optional.ofNullable(data));
    Map<String, String> kafka = RunFiles.workerProperties(home);
    String id = "worker-" + ProcessHandle.current().pid();
    Worker worker =
        Worker.start(
            WorkerSettings.of(id, Map.copyOf(kafka)),
            Engines.ALL,
            FileVault.open(home.resolve("vault")));
    shutdown.last(worker::close);
    worker.rehearse();
    System.out.println(
        id + " works for " + home + " on " + kafka.get("bootstrap.servers") + "; Ctrl-C ends it");
    new CountDownLatch(1).await();
    return 0;
  }
}
