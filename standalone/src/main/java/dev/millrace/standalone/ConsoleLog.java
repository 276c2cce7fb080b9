package dev.millrace.standalone;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * The log of a command that runs without Quarkus: its standard error. Until somebody says where,
 * records wait in a queue of Quarkus', and are never seen.
 */
final class ConsoleLog {
  private static final String FORMAT = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{3.}] (%t) %s%e%n";

  /** As in {@code application.properties}, where it says why. */
  private static final Map<String, Level> LEVELS =
      Map.of(
          "",
          Level.WARNING,
          "dev.millrace",
          Level.INFO,
          "org.apache.kafka.clients.consumer.internals.ConsumerCoordinator",
          Level.OFF,
          "org.apache.kafka.clients.admin.internals.PartitionLeaderStrategy",
          Level.OFF);

  private ConsoleLog() {}

  static void begin() {
    LEVELS.forEach((category, level) -> Logger.getLogger(category).setLevel(level));
    InitialConfigurator.DELAYED_HANDLER.setHandlers(
        new Handler[] {
          new ConsoleHandler(ConsoleHandler.Target.SYSTEM_ERR, new PatternFormatter(FORMAT))
        });
  }
}
