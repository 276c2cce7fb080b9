package dev.millrace.catalog.manual;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Markdown files that are packaged with this module. A page is known by the path that people
 * ask for: {@code /docs/conditions/StoreLost}; the page of a folder is its README.
 */
final class Pages {
  static final String ROOT = "/docs/";

  private static final String FOLDER = "conditions";
  private static final String SUFFIX = ".md";

  /** A letter first and no dot: so no path leaves the folder. */
  private static final Pattern NAME = Pattern.compile("(conditions/)?[A-Za-z][A-Za-z-]{0,99}");

  private Pages() {}

  static Optional<String> find(String path) {
    return file(path).flatMap(Pages::read);
  }

  /**
   * Where a link of a page leads.
   *
   * @param path of the page it stands in
   * @return a path to ask for, or an address elsewhere; empty when it is no page that is served
   */
  static Optional<String> follow(String path, String link) {
    if (link.startsWith("https://") || link.startsWith("#")) {
      return Optional.of(link);
    }
    String from = path.equals(ROOT + FOLDER) ? path + "/" : path;
    String to = URI.create(from).resolve(link).getPath().replaceFirst("(/README)?\\.md$", "");
    String anchor = link.indexOf('#') < 0 ? "" : link.substring(link.indexOf('#'));
    return find(to).map(page -> to + anchor);
  }

  private static Optional<String> file(String path) {
    if (!path.startsWith(ROOT)) {
      return Optional.empty();
    }
    String name = path.substring(ROOT.length());
    if (name.equals(FOLDER)) {
      return Optional.of(FOLDER + "/README" + SUFFIX);
    }
    return NAME.matcher(name).matches() ? Optional.of(name + SUFFIX) : Optional.empty();
  }

  private static Optional<String> read(String file) {
    try (InputStream page = Pages.class.getResourceAsStream("/manual/" + file)) {
      return page == null
          ? Optional.empty()
          : Optional.of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
