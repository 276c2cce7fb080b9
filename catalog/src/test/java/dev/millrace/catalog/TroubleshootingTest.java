package dev.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/troubleshooting.md} knows every code that the sources can answer or report. */
class TroubleshootingTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES =
      List.of("api", "needs", "stores", "provisioner", "catalog", "standalone");
  private static final Pattern ENTRY = Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\|");
  private static final Pattern WORD = Pattern.compile("\"([A-Z][A-Za-z]+)\"");
  private static final Pattern TWO_WORDS = Pattern.compile("[A-Z][a-z]+([A-Z][a-z]*)+");

  /** CamelCase words that are none: kinds, types of conditions, values of fields, schema names. */
  private static final Set<String> NO_CODES =
      Set.of(
          "ApplicationName",
          "CaughtUp",
          "CredentialsReady",
          "DataProduct",
          "DataProductPage",
          "DataSubscription",
          "DataSubscriptionPage",
          "DeadLetter",
          "DeadLetterPage",
          "DeadLetters",
          "DryRun",
          "JournalEntry",
          "JournalPage",
          "JsonNode",
          "JsonNodeType",
          "LastSubscriptionGone",
          "LatestEvents",
          "ObjectKey",
          "PreviewQuestion",
          "RowPage",
          "SchemaCompatible",
          "SchemaDraft",
          "SchemaSamples",
          "StoreClass",
          "StoreClassPage",
          "StorePage",
          "VerificationRun");

  @Test
  void everyCodeHasItsEntry() throws IOException {
    Set<String> codes =
        words().stream()
            .filter(word -> TWO_WORDS.matcher(word).matches())
            .filter(word -> !NO_CODES.contains(word))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(entries())
        .as("give the code an entry in docs/troubleshooting.md, or list it in NO_CODES")
        .containsAll(codes);
  }

  @Test
  void everyEntryIsACodeOfTheSources() throws IOException {
    assertThat(words()).containsAll(entries());
  }

  @Test
  void noCodeHasTwoEntries() throws IOException {
    assertThat(list(ENTRY, page())).doesNotHaveDuplicates();
  }

  private static Set<String> entries() throws IOException {
    return new TreeSet<>(list(ENTRY, page()));
  }

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/troubleshooting.md"));
  }

  /** All literals in the sources that could be codes; the demo speaks to people only. */
  private static Set<String> words() throws IOException {
    Set<String> words = new TreeSet<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          if (!file.toString().contains("/demo/")) {
            words.addAll(list(WORD, Files.readString(file)));
          }
        }
      }
    }
    return words;
  }

  private static List<String> list(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(result -> result.group(1)).toList();
  }
}
