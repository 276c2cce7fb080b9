package dev.millrace.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "redrive",
    description = {
      "Applies dead letters where they stand, corrected or as they are; never over a later version",
      "of their key. Ends with 0 when none is a dead letter any more, 1 when one still is."
    })
final class RedriveCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin WhichLetters letters = new WhichLetters();

  @Option(names = "--payload", paramLabel = "TEXT", description = "The event as it should be.")
  @Nullable String payload;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The same from a file; - is standard input.")
  @Nullable Path file;

  @Option(
      names = "--key",
      paramLabel = "TEXT",
      description = "The record key as it should be, where that in the log is none.")
  @Nullable String key;

  @Override
  public Integer call() throws IOException {
    boolean corrected = payload != null || file != null || key != null;
    if (letters.all ? corrected || !letters.places.isEmpty() : letters.places.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "Name which, or give --all, which corrects none");
    }
    if (corrected && letters.places.size() > 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "One correction is for one event");
    }
    return DeadLettersCommand.corrections()
        .redrive(
            letters.directory(),
            letters.name,
            letters.places,
            letters.all,
            Optional.ofNullable(file == null ? payload : read(file)),
            Optional.ofNullable(key));
  }

  private static String read(Path file) throws IOException {
    byte[] bytes =
        file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }
}
