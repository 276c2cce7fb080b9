package dev.millrace.standalone;

import dev.millrace.standalone.server.Shutdown;
import dev.millrace.standalone.server.StartFailed;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where {@code ./millrace} enters. */
@QuarkusMain
@Command(
    name = "millrace",
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      RowsCommand.class,
      VerifyCommand.class,
      ExplainCommand.class,
      DeadLettersCommand.class,
      RedriveCommand.class,
      DiscardCommand.class,
      WorkerCommand.class,
      ResetCommand.class
    })
public final class Main implements Runnable {

  public static void main(String... arguments) {
    // While one thread alone is there: two that log for the first time at once may wait for each
    // other for ever (the JDK's lock and the initialization of JBoss LogContext), and exit with
    // them.
    LogManager.getLogManager();
    Shutdown shutdown = Shutdown.install();
    CommandLine commands = new CommandLine(new Main(), new Commands(shutdown));
    commands.setExecutionExceptionHandler(Main::failed);
    shutdown.exit(commands.execute(arguments));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** A {@link StartFailed} is a sentence for a person; anything else is a fault of ours. */
  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult result)
      throws Exception {
    if (e instanceof StartFailed) {
      System.err.println("millrace: " + e.getMessage());
      return 1;
    }
    throw e;
  }

  /** Gives commands what they share. */
  private record Commands(Shutdown shutdown) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> kind) throws Exception {
      if (kind == UpCommand.class) {
        return kind.cast(new UpCommand(shutdown));
      }
      if (kind == DemoCommand.class) {
        return kind.cast(new DemoCommand(shutdown));
      }
      if (kind == WorkerCommand.class) {
        return kind.cast(new WorkerCommand(shutdown));
      }
      return CommandLine.defaultFactory().create(kind);
    }
  }
}
