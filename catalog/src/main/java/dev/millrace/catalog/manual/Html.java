package dev.millrace.catalog.manual;

import java.util.List;
import java.util.Optional;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** A page for browsers. */
final class Html {
  private static final List<Extension> TABLES = List.of(TablesExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(TABLES).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(TABLES).escapeHtml(true).build();

  private Html() {}

  static String of(String path, String markdown) {
    Node page = PARSER.parse(markdown);
    page.accept(new Links(path));
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s · Millrace</title>
    <link rel="stylesheet" href="/docs/manual.css">
    </head>
    <body>
    <nav><a href="/">Millrace</a> <a href="/docs/conditions">All codes</a></nav>
    <main>
    %s</main>
    </body>
    </html>
    """
        .formatted(path.substring(path.lastIndexOf('/') + 1), RENDERER.render(page));
  }

  /**
   * Links between files become links between paths; of those that lead to neither the text stays.
   */
  private static final class Links extends AbstractVisitor {
    private final String path;

    Links(String path) {
      this.path = path;
    }

    @Override
    public void visit(Link link) {
      visitChildren(link);
      Optional<String> to = Pages.follow(path, link.getDestination());
      if (to.isPresent()) {
        link.setDestination(to.get());
      } else {
        unwrap(link);
      }
    }

    private static void unwrap(Link link) {
      for (Node child = link.getFirstChild(); child != null; child = link.getFirstChild()) {
        link.insertBefore(child);
      }
      link.unlink();
    }
  }
}
