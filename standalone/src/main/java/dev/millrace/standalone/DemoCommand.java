package dev.millrace.standalone;

import dev.millrace.standalone.demo.Demo;
import dev.millrace.standalone.demo.DemoConfig;
import dev.millrace.standalone.server.Shutdown;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "demo", description = "The whole platform in this process, with real data.")
final class DemoCommand implements Callable<Integer> {
  private final Shutdown shutdown;

  @Mixin ServerOptions options = new ServerOptions();

  @Option(names = "--once", description = "Publish 2,000 live events, check every row, and end.")
  boolean once;

  DemoCommand(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() {
    return new Standalone(options, true, shutdown).run(this::play);
  }

  private int play(RunningPlatform platform) {
    return new Demo(
            new DemoConfig(
                platform.url(),
                platform.token(),
                platform.servers().kafkaClient(),
                DemoConfig.datasetsGiven(),
                platform.classes().postgresClass(),
                platform.classes().redisClass(),
                System.out,
                once,
                Boolean.getBoolean("millrace.terminal"),
                shutdown::isUnderWay,
                DemoConfig.SEED))
        .run();
  }
}
