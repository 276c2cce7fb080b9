package dev.millrace.bench.row;

import java.util.List;
import java.util.Locale;

/**
 * Rows as bars, each by how much room there is to its target: the line at 1 is the target,
 * whichever way better lies. The thin line is the range of the rounds.
 */
public final class Chart {
  private static final int LABELS = 170;
  private static final int BAR = 18;
  private static final int STEP = 26;
  private static final int TOP = 34;
  private static final int UNIT = 240;
  private static final double MOST = 2.2;

  private Chart() {}

  public static String svg(List<Standing> standings) {
    int height = TOP + STEP * standings.size() + 8;
    int width = (int) (LABELS + UNIT * MOST + 70);
    StringBuilder text =
        new StringBuilder(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
            font-family="sans-serif" font-size="12">
            <rect width="100%%" height="100%%" fill="#ffffff"/>
            <text x="%d" y="18" text-anchor="middle" fill="#444">target</text>
            """
                .formatted(width, height, width, height, LABELS + UNIT));
    for (int i = 0; i < standings.size(); i++) {
      text.append(bar(standings.get(i), TOP + STEP * i));
    }
    return text.append(
            """
            <line x1="%d" y1="24" x2="%d" y2="%d" stroke="#222" stroke-dasharray="4 3"/>
            </svg>
            """
                .formatted(LABELS + UNIT, LABELS + UNIT, height - 4))
        .toString();
  }

  private static String bar(Standing standing, int top) {
    Row row = standing.row();
    int middle = top + BAR / 2;
    int end = at(Standing.room(row, standing.median()));
    return String.format(
        Locale.ROOT,
        """
        <text x="%d" y="%d" text-anchor="end" fill="#222">%s</text>
        <rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>
        <line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#222"/>
        <text x="%d" y="%d" fill="#222">%.2f</text>
        """,
        LABELS - 8,
        middle + 4,
        row.name(),
        LABELS,
        top,
        end - LABELS,
        BAR,
        standing.isMet() ? "#3a8f5c" : "#d08a2e",
        at(Standing.room(row, standing.lowest())),
        middle,
        at(Standing.room(row, standing.highest())),
        middle,
        (int) (LABELS + UNIT * MOST + 12),
        middle + 4,
        Standing.room(row, standing.median()));
  }

  private static int at(double room) {
    return (int) Math.round(LABELS + UNIT * Math.min(room, MOST));
  }
}
