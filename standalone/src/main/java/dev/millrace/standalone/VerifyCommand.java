package dev.millrace.standalone;

import dev.millrace.standalone.verify.Verify;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "verify",
    description = {
      "Compares a subscription's store with its stream, row by row, while it goes on being fed.",
      "Ends with 0 when they are equal, 1 when they differ, 2 when it cannot be proven."
    })
final class VerifyCommand implements Callable<Integer> {

  @Mixin OfSubscription subscription = new OfSubscription();

  @Override
  public Integer call() {
    return new Verify(
            System.out, System.err, Boolean.getBoolean("millrace.terminal"), Duration.ofMillis(300))
        .run(subscription.directory(), subscription.name);
  }
}
