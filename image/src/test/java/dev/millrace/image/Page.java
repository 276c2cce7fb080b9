package dev.millrace.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docs/kubernetes.md}, typed into a shell as it stands there. */
final class Page {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  private final Map<String, String> shell;
  private final Supplier<String> logs;

  /**
   * @param shell its variables
   * @param logs told when a command fails
   */
  Page(Map<String, String> shell, Supplier<String> logs) {
    this.shell = shell;
    this.logs = logs;
  }

  /**
   * Types all commands of a section.
   *
   * @return what they said
   */
  String section(String title) throws IOException, InterruptedException {
    StringBuilder said = new StringBuilder();
    List<String> blocks = blocks(title);
    assertThat(blocks).as(title).isNotEmpty();
    for (String block : blocks) {
      said.append(typed(block));
    }
    return said.toString();
  }

  private static List<String> blocks(String title) throws IOException {
    String page = Files.readString(ROOT.resolve("docs/kubernetes.md"));
    int begin = page.indexOf("\n## " + title + "\n");
    assertThat(begin).as("the section " + title).isNotNegative();
    int end = page.indexOf("\n## ", begin + 1);
    Matcher blocks = BLOCK.matcher(page.substring(begin, end < 0 ? page.length() : end));
    return blocks.results().map(each -> each.group(1)).toList();
  }

  private String typed(String block) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", block)
            .directory(ROOT.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(shell);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(block + "\n" + text + "\n" + logs.get());
    }
    return text;
  }
}
