package dev.millrace.standalone;

import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Dead letters of one, by their places, or all of them. */
final class WhichLetters extends OfSubscription {

  @Parameters(
      index = "1..*",
      paramLabel = "PARTITION/OFFSET",
      description = "Which; as ./millrace dead-letters has them.")
  List<String> places = List.of();

  @Option(names = "--all", description = "All there are.")
  boolean all;
}
