package dev.millrace.chaos.mutants;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * A copy of the sources of the data path, compiled here: what was built elsewhere may be of other
 * sources.
 */
final class Sources {
  /** Each sees only those before it. */
  private static final List<String> MODULES =
      List.of("api", "needs", "embedded", "stores", "provisioner");

  private final Path top;
  private final List<Path> libraries;
  private final Map<String, Path> classes = new LinkedHashMap<>();
  private final Map<String, Path> tests = new LinkedHashMap<>();

  private Sources(Path top, List<Path> libraries) {
    this.top = top;
    this.libraries = libraries;
  }

  /**
   * @param home the repository, where Maven has written which libraries there are
   * @param top an empty directory
   */
  static Sources copy(Path home, Path top) throws IOException, DoesNotCompile {
    Sources sources = new Sources(top, libraries(home));
    for (String module : MODULES) {
      copyTree(home.resolve(module).resolve("src"), top.resolve(module).resolve("src"));
    }
    for (String module : MODULES) {
      sources.compileModule(module);
    }
    return sources;
  }

  /** Of those modules whose libraries are not all among another's. */
  private static List<Path> libraries(Path home) throws IOException {
    Set<Path> libraries = new LinkedHashSet<>();
    for (String module : List.of("provisioner", "needs", "stores")) {
      Path list = home.resolve(module).resolve("target").resolve("classpath");
      Stream.of(Files.readString(list).strip().split(File.pathSeparator))
          .map(Path::of)
          .filter(path -> !isOurs(home, path))
          .forEach(libraries::add);
    }
    return List.copyOf(libraries);
  }

  private static boolean isOurs(Path home, Path library) {
    return library.toString().contains("/dev/millrace/")
        || MODULES.stream().anyMatch(module -> library.startsWith(home.resolve(module)));
  }

  private void compileModule(String module) throws IOException, DoesNotCompile {
    Path source = top.resolve(module).resolve("src");
    Path main = top.resolve(module).resolve("classes");
    compile(source.resolve("main"), main, classpath(List.of()));
    classes.put(module, main);
    Path test = source.resolve("test");
    if (Files.isDirectory(test)) {
      Path into = top.resolve(module).resolve("test-classes");
      compile(test, into, classpath(List.of()));
      tests.put(module, into);
    }
  }

  Path module(String name) {
    return top.resolve(name);
  }

  /**
   * The copy with one bug in it: only the module that has it is compiled again.
   *
   * @param into an empty directory
   * @return what has to come first in the class path
   */
  Path changed(Diff diff, Path into) throws IOException, Diff.DoesNotApply, DoesNotCompile {
    String module = diff.module();
    if (!classes.containsKey(module)) {
      throw new Diff.DoesNotApply("only " + MODULES + " are copied, not " + module);
    }
    Path source = Path.of(module, "src", "main");
    copyTree(top.resolve(source), into.resolve(source));
    diff.apply(into);
    Path changed = into.resolve("classes");
    compile(into.resolve(source), changed, classpath(List.of()));
    return changed;
  }

  /** All classes and resources, after those given. */
  List<Path> classpath(List<Path> first) {
    List<Path> all = new ArrayList<>(first);
    all.addAll(classes.values());
    all.addAll(libraries);
    return all;
  }

  /** The classes of a module's tests. */
  Path tests(String module) {
    return tests.get(module);
  }

  /** The folder holds {@code java} and may hold {@code resources}. */
  private static void compile(Path folder, Path into, List<Path> classpath)
      throws IOException, DoesNotCompile {
    Files.createDirectories(into);
    if (Files.isDirectory(folder.resolve("resources"))) {
      copyTree(folder.resolve("resources"), into);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files =
            compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        Stream<Path> found = Files.walk(folder.resolve("java"))) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(into));
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, classpath);
      List<Path> sources = found.filter(path -> path.toString().endsWith(".java")).toList();
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of("--release", "21", "-parameters", "-proc:none", "-nowarn"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        throw new DoesNotCompile(
            said.toString()
                .lines()
                .filter(line -> line.contains("error:"))
                .limit(3)
                .collect(Collectors.joining("; ")));
      }
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** A change that no compiler lets through is no bug that anybody could ship. */
  static final class DoesNotCompile extends Exception {
    private static final long serialVersionUID = 1L;

    DoesNotCompile(String message) {
      super(message);
    }
  }
}
