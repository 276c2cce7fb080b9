package dev.millrace.standalone;

import dev.millrace.standalone.explain.Explain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "explain",
    description = {
      "What is done with each event of a subscription: what is read of it, what runs as code, how it"
          + " is written;",
      "where the time went in the last seconds, and so what limits it."
    })
final class ExplainCommand implements Callable<Integer> {

  @Mixin OfSubscription subscription = new OfSubscription();

  @Override
  public Integer call() {
    return new Explain(System.out, System.err).run(subscription.directory(), subscription.name);
  }
}
