package dev.millrace.chaos.mutants;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.launcher.Launcher;

/** Runs the simulator and tests on a copy of the sources, each in a JVM of its own. */
final class Search {
  static final long FIRST_SEED = 5000;
  static final int FAULTS = 200_000;

  private static final String SIMULATE = "dev.millrace.provisioner.simulation.Simulate";
  private static final Pattern VIOLATION = Pattern.compile("seed (\\d+): (.+)");
  private static final Pattern NO_VIOLATION =
      Pattern.compile("java\\.lang\\.(NoClassDef|NoSuch|Linkage|OutOfMemory|ExceptionInInit).*");
  private static final long PATIENCE_MINUTES = 10;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  private final Sources sources;
  private final Path directory;

  /**
   * @param directory for what the processes write
   */
  Search(Sources sources, Path directory) {
    this.sources = sources;
    this.directory = directory;
  }

  /** Ends what still runs, with the servers that it has started. */
  static void endAll() {
    RUNNING.forEach(Search::end);
  }

  private static void end(Process process) {
    List<ProcessHandle> servers = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    servers.forEach(ProcessHandle::destroy);
  }

  /**
   * @param changed the classes with the bug in them
   */
  Verdict find(Finder finder, Path changed) throws IOException, InterruptedException {
    List<Path> first = List.of(changed);
    return switch (finder) {
      case Finder.Simulator simulator -> simulate(first);
      case Finder.Test test ->
          test(test.module(), test.type(), Set.of(test.method()), first).get(test.method());
    };
  }

  /** What is wrong although no bug was put in: no search says anything then. */
  List<String> wrongWithout(List<Finder> finders) throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    if (finders.stream().anyMatch(Finder.Simulator.class::isInstance)) {
      note("simulator", simulate(List.of()), wrong);
    }
    Map<String, List<Finder.Test>> byType =
        finders.stream()
            .filter(Finder.Test.class::isInstance)
            .map(Finder.Test.class::cast)
            .collect(
                Collectors.groupingBy(Finder.Test::type, LinkedHashMap::new, Collectors.toList()));
    for (List<Finder.Test> tests : byType.values()) {
      Finder.Test any = tests.get(0);
      Set<String> methods = tests.stream().map(Finder.Test::method).collect(Collectors.toSet());
      test(any.module(), any.type(), methods, List.of())
          .forEach((method, verdict) -> note(any.type() + "#" + method, verdict, wrong));
    }
    return wrong;
  }

  private static void note(String finder, Verdict verdict, List<String> wrong) {
    if (!(verdict instanceof Verdict.Unnoticed)) {
      wrong.add(finder + ": " + verdict);
    }
  }

  private Verdict simulate(List<Path> first) throws IOException, InterruptedException {
    List<Path> classpath = new ArrayList<>(first);
    classpath.add(sources.tests("provisioner"));
    List<String> command = java("-XX:+UseSerialGC", "-Xmx512m");
    command.addAll(List.of("-cp", joined(sources.classpath(classpath)), SIMULATE));
    command.addAll(List.of("--seed", Long.toString(FIRST_SEED)));
    command.addAll(List.of("--steps", Integer.toString(FAULTS)));
    Path output = directory.resolve("simulator");
    Optional<Integer> exit = run(command, sources.module("provisioner"), output);
    if (exit.isEmpty()) {
      return new Verdict.Failed("the simulator did not end");
    }
    return exit.get() == 0 ? new Verdict.Unnoticed() : violation(Files.readString(output));
  }

  /** Any exit code but 0 may also mean that it could not run. */
  static Verdict violation(String output) {
    Matcher line = VIOLATION.matcher(output);
    while (line.find()) {
      if (!NO_VIOLATION.matcher(line.group(2)).matches()) {
        return new Verdict.Found("simulator, seed " + line.group(1) + ": " + line.group(2));
      }
    }
    return new Verdict.Failed("the simulator said: " + lastLine(output));
  }

  private Map<String, Verdict> test(
      String module, String type, Set<String> methods, List<Path> first)
      throws IOException, InterruptedException {
    List<Path> classpath = new ArrayList<>(first);
    classpath.add(sources.tests(module));
    classpath = sources.classpath(classpath);
    classpath.add(whereIs(NamedTests.class));
    classpath.add(whereIs(Launcher.class));
    List<String> command =
        java("-XX:+UseParallelGC", "-Xmx1g", "--enable-native-access=ALL-UNNAMED");
    Path outcomes = directory.resolve("outcomes");
    Files.deleteIfExists(outcomes);
    command.addAll(List.of("-cp", joined(classpath), NamedTests.class.getName()));
    command.addAll(List.of(outcomes.toString(), type));
    command.addAll(methods);
    Path output = directory.resolve("test");
    Files.createDirectories(sources.module(module).resolve("target"));
    Optional<Integer> exit = run(command, sources.module(module), output);
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    for (String method : methods) {
      verdicts.put(
          method,
          new Verdict.Failed(
              exit.isEmpty() ? "the test did not end" : lastLine(Files.readString(output))));
    }
    if (exit.isPresent() && Files.exists(outcomes)) {
      for (String line : Files.readAllLines(outcomes)) {
        String[] parts = line.split("\t", 3);
        verdicts.put(parts[0], verdict(type, parts));
      }
    }
    return verdicts;
  }

  static Verdict verdict(String type, String[] parts) {
    String said = parts.length > 2 ? parts[2] : "";
    return switch (parts[1]) {
      case NamedTests.PASSED -> new Verdict.Unnoticed();
      case NamedTests.FAILED ->
          new Verdict.Found(type.substring(type.lastIndexOf('.') + 1) + "#" + parts[0]);
      default -> new Verdict.Failed("the test was not tried: " + said);
    };
  }

  private static List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    return command;
  }

  private static String joined(List<Path> classpath) {
    return classpath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static Path whereIs(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Empty when it did not end in time. */
  private static Optional<Integer> run(List<String> command, Path in, Path output)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    RUNNING.add(process);
    try {
      if (process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        return Optional.of(process.exitValue());
      }
      return Optional.empty();
    } finally {
      if (process.isAlive()) {
        end(process);
      }
      RUNNING.remove(process);
    }
  }

  private static String lastLine(String output) {
    return output.strip().lines().reduce("nothing", (before, line) -> line);
  }
}
