package dev.millrace.chaos.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test methods of one class, in a JVM of its own, and writes a line for each: whether it
 * passed, failed as a test fails, or could not be tried.
 */
final class NamedTests {
  static final String PASSED = "passed";
  static final String FAILED = "failed";
  static final String NOT_TRIED = "not tried";

  private NamedTests() {}

  /**
   * @param arguments the file to write, the class, the methods
   */
  public static void main(String... arguments) throws IOException {
    String type = arguments[1];
    Set<String> methods = Set.copyOf(List.of(arguments).subList(2, arguments.length));
    Outcomes outcomes = new Outcomes();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request(type, methods), outcomes);
    List<String> lines = new ArrayList<>();
    for (String method : methods) {
      lines.add(method + "\t" + outcomes.of(method));
    }
    Files.write(Path.of(arguments[0]), lines);
    // Servers that tests share end with the JVM, and their threads would keep it.
    System.exit(0);
  }

  private static LauncherDiscoveryRequest request(String type, Set<String> methods) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(DiscoverySelectors.selectClass(type))
        .filters(
            EngineFilter.includeEngines("junit-jupiter"),
            (PostDiscoveryFilter)
                descriptor ->
                    FilterResult.includedIf(
                        method(descriptor.getSource()).map(methods::contains).orElse(true)))
        .configurationParameter("junit.jupiter.execution.timeout.default", "5 m")
        .build();
  }

  private static Optional<String> method(Optional<TestSource> source) {
    return source
        .filter(MethodSource.class::isInstance)
        .map(each -> ((MethodSource) each).getMethodName());
  }

  private static final class Outcomes implements TestExecutionListener {
    private final Map<String, String> byMethod = new LinkedHashMap<>();
    private @Nullable String broken;

    /** The first failure counts, of a method that runs several times. */
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      Optional<String> method = method(test.getSource());
      String outcome = outcome(result);
      if (test.isTest() && method.isPresent()) {
        byMethod.merge(method.get(), outcome, (was, now) -> was.equals(PASSED) ? now : was);
      } else if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL && broken == null) {
        broken = NOT_TRIED + "\t" + text(result.getThrowable());
      }
    }

    String of(String method) {
      return broken != null
          ? broken
          : byMethod.getOrDefault(method, NOT_TRIED + "\tthere is no such test");
    }

    private static String outcome(TestExecutionResult result) {
      return switch (result.getStatus()) {
        case SUCCESSFUL -> PASSED;
        case ABORTED -> NOT_TRIED + "\t" + text(result.getThrowable());
        case FAILED ->
            (result.getThrowable().filter(NamedTests::saysNothing).isPresent() ? NOT_TRIED : FAILED)
                + "\t"
                + text(result.getThrowable());
      };
    }

    private static String text(Optional<Throwable> thrown) {
      return thrown.map(each -> each.toString().replaceAll("\\s+", " ").strip()).orElse("");
    }
  }

  /** Not what the test was looking for: a class that is missing, a time that ran out. */
  private static boolean saysNothing(Throwable thrown) {
    return thrown instanceof LinkageError
        || thrown instanceof TimeoutException
        || thrown instanceof ClassNotFoundException
        || thrown.getClass().getSimpleName().equals("ServerFailed");
  }
}
