package dev.millrace.needs.name;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What may be called how. */
public final class Names {
  /** The longest name of a column, table or role that Postgres keeps whole, in bytes. */
  public static final int LONGEST = 63;

  private static final Pattern LABEL = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

  private Names() {}

  /** Tenants and objects: a DNS label, so that the name can stand in a path and in Kubernetes. */
  public static boolean isLabel(String name) {
    return LABEL.matcher(name).matches();
  }

  /** Columns, tables and schemas of a target. */
  public static boolean isIdentifier(String name) {
    return IDENTIFIER.matcher(name).matches();
  }

  /** An identifier made of any text: what cannot stay becomes an underscore. */
  public static String identifierFrom(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9_]", "_");
    String begun = plain.isEmpty() || !Character.isLetter(plain.charAt(0)) ? "f_" + plain : plain;
    return begun.substring(0, Math.min(LONGEST, begun.length()));
  }

  /** The candidate that was probably meant; empty when none is near. */
  public static Optional<String> closest(String word, Collection<String> candidates) {
    String wanted = word.toLowerCase(Locale.ROOT);
    int tolerance = Math.max(1, word.length() / 3);
    return candidates.stream()
        .map(c -> new Candidate(c, distance(wanted, c.toLowerCase(Locale.ROOT))))
        .filter(c -> c.distance() <= tolerance)
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  private record Candidate(String name, int distance) {}

  /** Insertions, deletions, replacements and swaps of neighbours between two words. */
  private static int distance(String one, String other) {
    int[][] d = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
        boolean swapped =
            i > 1
                && j > 1
                && one.charAt(i - 1) == other.charAt(j - 2)
                && one.charAt(i - 2) == other.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[one.length()][other.length()];
  }
}
