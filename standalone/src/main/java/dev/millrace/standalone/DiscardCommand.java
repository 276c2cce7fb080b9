package dev.millrace.standalone;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "discard", description = "Leaves dead letters out for good: they count as skipped.")
final class DiscardCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin WhichLetters letters = new WhichLetters();

  @Override
  public Integer call() {
    if (letters.all != letters.places.isEmpty()) {
      throw new CommandLine.ParameterException(spec.commandLine(), "Name which, or give --all");
    }
    return DeadLettersCommand.corrections()
        .discard(letters.directory(), letters.name, letters.places, letters.all);
  }
}
