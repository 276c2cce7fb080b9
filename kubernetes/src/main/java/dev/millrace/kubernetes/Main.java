package dev.millrace.kubernetes;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.logging.LogManager;

/** Where containers enter: {@code operator}, {@code worker}, {@code check} or {@code may-leave}. */
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String... arguments) {
    // While one thread alone is there, as in standalone.
    LogManager.getLogManager();
    Quarkus.run(App.class, arguments);
  }
}
