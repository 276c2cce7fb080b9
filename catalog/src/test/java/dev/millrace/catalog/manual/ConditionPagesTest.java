package dev.millrace.catalog.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each code that the sources can answer or report has its page in {@code docs/conditions} and its
 * line in the index there, and there is no page of a code that nothing says any more.
 *
 * <p>A code is found as what it is in the sources: a CamelCase literal. Whoever adds such a word
 * gives it a page, or says here that it is none.
 */
class ConditionPagesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path PAGES = ROOT.resolve("docs/conditions");
  private static final List<String> MODULES =
      List.of(
          "api",
          "needs",
          "stores",
          "controller",
          "operator",
          "provisioner",
          "catalog",
          "standalone",
          "kubernetes-catalog");
  private static final Pattern WORD = Pattern.compile("\"([A-Z][a-z]+(?:[A-Z][a-z]*)*)\"");
  private static final Pattern ENTRY =
      Pattern.compile("(?m)^\\| \\[`([A-Za-z]+)`]\\(([A-Za-z]+)\\.md\\) \\|");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");

  /** Reasons that somebody has to deal with, or to wait for: their pages say all of this. */
  private static final List<String> PARTS =
      List.of("What Millrace does meanwhile", "Causes", "What to do", "It is over when");

  /** Kinds, schema names, types of conditions, phases, outcomes, and values of fields. */
  private static final Set<String> NO_CODES =
      Set.of(
          ("Accept ApplicationName DataProduct DataProductPage DataSubscription"
                  + " DataSubscriptionPage DeadLetterDetail DeadLetterPage DeadLetters"
                  + " Correction Discard Redrive Declared DryRun Event Events"
                  + " Info JournalEntry JournalPage JsonNode JsonNodeType Kafka Kubernetes LastSubscriptionGone"
                  + " LatestEvents Millrace ObjectKey Platform PreviewQuestion Problem Products"
                  + " Registered Removed Requested RowPage Rows Schema SchemaDraft SchemaSamples"
                  + " Store StoreClass StoreClassPage StorePage Stores Subscriptions Verify"
                  + " Copy CopyThenMerge Explain Filtering Merge PackedTransaction"
                  + " Statement Transaction"
                  + " Approved CaughtUp Complete CredentialsReady Degraded Preloaded Provisioned"
                  + " Ready SchemaCompatible Stalled True False Unknown"
                  + " Live Paused Pending Running Stopped Failed Done Differs Equal Unprovable"
                  + " Denied Expired Revoked Blocked Comparing Finished Retrying Swapping Normal Warning"
                  + " NamespaceNotWatched OthersFirst"
                  + " Additive Append Approval Beginning DeadLetter Delete Embedded External Halt"
                  + " Hash Json None Now Offsets Open Partial Personal Postgres Public Rebuild Redact"
                  + " Redis Retain Secret Shared Skip StatefulSet Stop Timestamp Upsert"
                  + " Memory OnRootMismatch Parallel ReadWriteOnce RuntimeDefault")
              .split(" "));

  @Test
  void everyCodeHasItsPage() throws IOException {
    assertThat(pages().keySet())
        .as("write docs/conditions/<Code>.md and its line in the README there, or list the word")
        .containsAll(codes());
  }

  @Test
  void everyPageIsOfACode() throws IOException {
    assertThat(codes()).as("nothing says this code: delete its page").containsAll(pages().keySet());
  }

  @Test
  void whatIsSaidToBeNoCodeIsInTheSources() throws IOException {
    assertThat(words()).containsAll(NO_CODES);
  }

  @Test
  void theIndexLeadsToEveryPageOnce() throws IOException {
    List<String> named =
        ENTRY.matcher(index()).results().map(entry -> entry.group(1)).sorted().toList();
    List<String> led =
        ENTRY.matcher(index()).results().map(entry -> entry.group(2)).sorted().toList();

    assertThat(named).doesNotHaveDuplicates().isEqualTo(led);
    assertThat(named).containsExactlyElementsOf(pages().keySet());
  }

  @Test
  void aPageBeginsWithItsCodeAndWhereItShows() throws IOException {
    assertThat(pages())
        .allSatisfy((code, text) -> {
          assertThat(text).startsWith("# " + code + "\n\n*");
          assertThat(text).contains("\n## What to do\n");
        });
  }

  @Test
  void whatSomebodyHasToDealWithIsToldWhole() throws IOException {
    String trouble = index().split("## Trouble", 2)[1].split("\n## ", 2)[0];
    List<String> codes = ENTRY.matcher(trouble).results().map(entry -> entry.group(1)).toList();

    assertThat(codes).contains("StoreUnavailable", "HistoryLost");
    assertThat(pages().entrySet().stream().filter(page -> codes.contains(page.getKey())))
        .allSatisfy(
            page -> assertThat(headings(page.getValue())).as(page.getKey()).isEqualTo(PARTS));
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    assertThat(pages())
        .allSatisfy((code, text) ->
            assertThat(links(text))
                .allSatisfy(link -> assertThat(PAGES.resolve(link)).as(code).exists()));
  }

  private static List<String> headings(String page) {
    return page.lines().filter(line -> line.startsWith("## ")).map(l -> l.substring(3)).toList();
  }

  private static List<String> links(String page) {
    return LINK.matcher(page)
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.startsWith("https://"))
        .toList();
  }

  private static String index() throws IOException {
    return Files.readString(PAGES.resolve("README.md"));
  }

  private static Map<String, String> pages() throws IOException {
    Map<String, String> pages = new TreeMap<>();
    try (Stream<Path> files = Files.list(PAGES)) {
      for (Path file : files.filter(f -> !f.endsWith("README.md")).toList()) {
        pages.put(file.getFileName().toString().replace(".md", ""), Files.readString(file));
      }
    }
    return pages;
  }

  private static Set<String> codes() throws IOException {
    return words().stream()
        .filter(word -> !NO_CODES.contains(word))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The demo speaks to people only. */
  private static Set<String> words() throws IOException {
    Set<String> words = new TreeSet<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          if (!file.toString().contains("/demo/")) {
            WORD.matcher(Files.readString(file)).results().forEach(w -> words.add(w.group(1)));
          }
        }
      }
    }
    return words;
  }
}
