package dev.millrace.standalone;

import dev.millrace.standalone.correct.Correct;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "dead-letters",
    description = "Events of a subscription that could not be applied, the newest first.")
final class DeadLettersCommand implements Callable<Integer> {

  @Mixin OfSubscription subscription = new OfSubscription();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PARTITION/OFFSET",
      description = "Only this one, with what was decided of it.")
  @Nullable String place;

  @Override
  public Integer call() {
    return corrections().show(subscription.directory(), subscription.name, place);
  }

  /** A correction takes effect within moments, or waits for what keeps its pipeline. */
  static Correct corrections() {
    return new Correct(System.out, System.err, Duration.ofSeconds(10), Duration.ofMillis(300));
  }
}
