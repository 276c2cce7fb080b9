package dev.millrace.bench.chart;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Panels side by side, two in a row. What goes up begins at nothing, so that growth is not drawn
 * larger than it is.
 */
public final class Panels {
  private static final int COLUMNS = 2;
  private static final int WIDTH = 390;
  private static final int HEIGHT = 240;
  private static final int LEFT = 52;
  private static final int RIGHT = 16;
  private static final int TOP = 46;
  private static final int BOTTOM = 44;
  private static final int LEGEND_STEP = 110;

  private Panels() {}

  public static String svg(List<Panel> panels) {
    int width = WIDTH * COLUMNS;
    int height = HEIGHT * ((panels.size() + COLUMNS - 1) / COLUMNS);
    StringBuilder text =
        new StringBuilder(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
            font-family="sans-serif" font-size="12">
            <rect width="100%%" height="100%%" fill="#ffffff"/>
            """
                .formatted(width, height, width, height));
    for (int i = 0; i < panels.size(); i++) {
      text.append(
          "<g transform=\"translate(%d %d)\">\n"
              .formatted(WIDTH * (i % COLUMNS), HEIGHT * (i / COLUMNS)));
      text.append(drawn(panels.get(i))).append("</g>\n");
    }
    return text.append("</svg>\n").toString();
  }

  private static String drawn(Panel panel) {
    double step = step(panel.most());
    double most = Math.max(1, Math.ceil(panel.most() / step)) * step;
    StringBuilder text = new StringBuilder();
    text.append(text(LEFT, 16, "start", "#222", panel.title()));
    for (double y = 0; y <= most * 1.001; y += step) {
      int at = up(y, most);
      text.append(line(LEFT, at, WIDTH - RIGHT, at, "#ddd"));
      text.append(text(LEFT - 6, at + 4, "end", "#444", number(y, step)));
    }
    for (Panel.Tick tick : panel.ticks()) {
      int at = across(tick.at(), panel);
      text.append(line(at, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 4, "#444"));
      text.append(text(at, HEIGHT - BOTTOM + 17, "middle", "#444", tick.text()));
    }
    text.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "middle", "#444", panel.below()));
    for (int i = 0; i < panel.lines().size(); i++) {
      text.append(drawn(panel.lines().get(i), panel, most, LEFT + LEGEND_STEP * i));
    }
    return text.toString();
  }

  private static String drawn(Panel.Line line, Panel panel, double most, int legend) {
    String points =
        line.points().stream()
            .map(each -> across(each.x(), panel) + "," + up(each.y(), most))
            .collect(Collectors.joining(" "));
    return """
    <polyline points="%s" fill="none" stroke="%s" stroke-width="1.6"%s/>
    <line x1="%d" y1="30" x2="%d" y2="30" stroke="%s" stroke-width="3"/>
    %s\
    """
        .formatted(
            points,
            line.colour(),
            line.dashed() ? " stroke-dasharray=\"5 3\"" : "",
            legend,
            legend + 12,
            line.colour(),
            text(legend + 16, 34, "start", "#222", line.name()));
  }

  /** Between two lines of the grid: 1, 2 or 5 times a power of ten, four to eight of them. */
  static double step(double most) {
    double rough = most > 0 ? most / 4 : 0.25;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
  }

  private static String number(double y, double step) {
    return String.format(Locale.ROOT, step >= 1 ? "%.0f" : step >= 0.1 ? "%.1f" : "%.2f", y);
  }

  private static int across(double x, Panel panel) {
    double span = panel.right() - panel.left();
    double part = span == 0 ? 0.5 : (x - panel.left()) / span;
    return (int) Math.round(LEFT + 10 + part * (WIDTH - RIGHT - LEFT - 20));
  }

  private static int up(double y, double most) {
    return (int) Math.round(HEIGHT - BOTTOM - y / most * (HEIGHT - BOTTOM - TOP));
  }

  private static String line(int x1, int y1, int x2, int y2, String colour) {
    return "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"/>\n"
        .formatted(x1, y1, x2, y2, colour);
  }

  private static String text(int x, int y, String anchor, String colour, String what) {
    return "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n"
        .formatted(x, y, anchor, colour, what.replace("&", "&amp;").replace("<", "&lt;"));
  }
}
