package dev.millrace.kubernetes.catalog;

import dev.millrace.catalog.KafkaLogin;
import dev.millrace.controller.CannotStart;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.logging.LogManager;

/** Where the container enters. */
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String... arguments) {
    // While one thread alone is there, as in standalone.
    LogManager.getLogManager();
    try {
      Told told = Told.by(System.getenv());
      System.setProperty("millrace.catalog.callers[0].name", "token");
      System.setProperty("millrace.catalog.callers[0].token", told.token());
      App.hand(new KafkaLogin(told.kafka()));
    } catch (CannotStart e) {
      System.err.println("millrace: " + e.getMessage());
      System.exit(1);
    }
    Quarkus.run(App.class, arguments);
  }
}
