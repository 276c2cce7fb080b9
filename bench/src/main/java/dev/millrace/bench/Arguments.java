package dev.millrace.bench;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What is said of arguments that cannot be meant. */
final class Arguments {
  private Arguments() {}

  static void want(boolean condition, CommandSpec spec, String otherwise) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  static void wantKnown(List<String> names, List<String> known, CommandSpec spec) {
    List<String> unknown = names.stream().filter(name -> !known.contains(name)).toList();
    want(
        unknown.isEmpty(),
        spec,
        "there is no " + String.join(", ", unknown) + "; there are " + String.join(", ", known));
  }

  /** Options before the name of a subcommand would be bench's own, and be lost in silence. */
  static void wantNoneBefore(CommandSpec spec) {
    CommandSpec bench = spec.parent();
    boolean some =
        bench != null
            && bench.commandLine().getParseResult() != null
            && (!bench.commandLine().getParseResult().matchedOptions().isEmpty()
                || !bench.commandLine().getParseResult().matchedPositionals().isEmpty());
    want(!some, spec, "whatever belongs to " + spec.name() + " stands behind that word");
  }
}
