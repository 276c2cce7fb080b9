package dev.millrace.standalone;

import dev.millrace.standalone.rows.Rows;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "rows", description = "Rows of a subscription, the newest last.")
final class RowsCommand implements Callable<Integer> {

  @Mixin OfSubscription subscription = new OfSubscription();

  @Option(names = "--follow", description = "Go on until interrupted.")
  boolean follow;

  @Override
  public Integer call() {
    return new Rows(System.out, System.err)
        .run(subscription.directory(), subscription.name, follow);
  }
}
