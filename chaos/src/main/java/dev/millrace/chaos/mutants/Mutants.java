package dev.millrace.chaos.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where {@code ./millrace chaos mutants} enters. */
@Command(
    name = "mutants",
    description = "Puts bugs into copies of the sources; ends with 0 when every one was found.")
public final class Mutants implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "Only these; a wrong name lists all.")
  List<String> names = List.of();

  @Option(names = "--write", description = "Writes the table in docs/chaos.md; needs all of them.")
  boolean write;

  @Spec CommandSpec spec;

  /** Ends what still runs. For the end of the JVM. */
  public static void endAll() {
    Search.endAll();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (write && !names.isEmpty()) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--write needs all mutants");
    }
    Path home = Path.of(System.getProperty("millrace.home", ".")).toAbsolutePath().normalize();
    List<Mutant> chosen = chosen(Mutant.all(home.resolve("chaos").resolve("mutants")));
    Path directory = Files.createTempDirectory("millrace-mutants");
    try {
      return search(home, directory, chosen);
    } finally {
      delete(directory);
    }
  }

  private List<Mutant> chosen(List<Mutant> all) {
    Set<String> unknown = new TreeSet<>(names);
    all.forEach(mutant -> unknown.remove(mutant.name()));
    if (!unknown.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "there is no mutant "
              + String.join(", ", unknown)
              + "; there are "
              + all.stream().map(Mutant::name).collect(Collectors.joining(", ")));
    }
    return names.isEmpty()
        ? all
        : all.stream().filter(mutant -> names.contains(mutant.name())).toList();
  }

  private int search(Path home, Path directory, List<Mutant> chosen)
      throws IOException, InterruptedException {
    Sources sources;
    try {
      sources = Sources.copy(home, directory.resolve("copy"));
    } catch (Sources.DoesNotCompile e) {
      System.err.println("the copy does not compile: " + e.getMessage());
      return 1;
    }
    Search search = new Search(sources, directory);
    long begun = System.nanoTime();
    List<String> wrong =
        search.wrongWithout(chosen.stream().map(Mutant::finder).distinct().toList());
    if (!wrong.isEmpty()) {
      System.err.println("without any bug it is not right, so no search would say anything:");
      wrong.forEach(each -> System.err.println("    " + each));
      return 1;
    }
    System.out.printf(Locale.ROOT, "without a bug: right, %.1f s%n", seconds(begun));
    List<Finding> findings = new ArrayList<>();
    for (Mutant mutant : chosen) {
      Finding finding = find(mutant, sources, search, directory.resolve("mutant"));
      findings.add(finding);
      System.out.printf(
          Locale.ROOT,
          "%-40s %5.1f s  %s%n",
          mutant.name(),
          finding.seconds(),
          Findings.brief(finding.verdict()));
    }
    System.out.println();
    System.out.print(Findings.table(findings));
    if (write) {
      Findings.write(
          home.resolve("docs").resolve("chaos.md"),
          findings,
          System.getProperty("millrace.commit", "unknown"));
    }
    return !findings.isEmpty() && findings.stream().allMatch(Finding::isFound) ? 0 : 1;
  }

  private static Finding find(Mutant mutant, Sources sources, Search search, Path into)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Verdict verdict;
    try {
      verdict = search.find(mutant.finder(), sources.changed(mutant.diff(), into));
    } catch (Diff.DoesNotApply e) {
      verdict = new Verdict.Failed("does not apply: " + e.getMessage());
    } catch (Sources.DoesNotCompile e) {
      verdict = new Verdict.Failed("does not compile: " + e.getMessage());
    } finally {
      delete(into);
    }
    return new Finding(mutant, verdict, seconds(begun));
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
