package dev.millrace.standalone;

import io.quarkus.runtime.annotations.QuarkusMain;

/** Where {@code ./millrace} enters. */
@QuarkusMain
public final class Main {

  private Main() {}

  public static void main(String... arguments) {
    System.out.println("millrace " + String.join(" ", arguments));
  }
}
