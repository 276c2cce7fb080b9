package dev.millrace.provisioner;

import dev.millrace.embedded.OwnedProcess;
import java.util.Arrays;

/** How a run ends: with 0 when it passes, with 1 when it does not or cannot go on. */
final class Verdict {
  private Verdict() {}

  interface Run {
    boolean passes() throws Exception;
  }

  /** Ends this process, in which a broker would go on for ever, and the servers it started. */
  static void exit(Run run) {
    Runtime.getRuntime().addShutdownHook(new Thread(OwnedProcess::endAll));
    boolean passed = false;
    try {
      passed = run.passes();
    } catch (Exception | AssertionError e) {
      e.printStackTrace();
    }
    System.out.println(passed ? "PASSED" : "FAILED");
    System.exit(passed ? 0 : 1);
  }

  /** What was given on the command line, or else these. */
  static int[] numbers(String[] given, int... otherwise) {
    return given.length == 0
        ? otherwise
        : Arrays.stream(given).mapToInt(Integer::parseInt).toArray();
  }
}
