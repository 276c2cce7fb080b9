package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Fold;
import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.store.PostgresServer.Tally;
import dev.millrace.chaos.store.Snapshot;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges what was seen of one subscription, look by look: it must be what the events before its
 * cursors make, by the definition that its cursors name, and never be earlier than what was seen
 * before.
 */
final class Observations {
  private final Need need;
  private final Definitions definitions;
  private final boolean mayGoBack;
  private final Findings findings;
  private Snapshot.Cursor @Nullable [] last;
  private int ahead;

  /**
   * @param mayGoBack whether the store lost its last moments
   */
  Observations(Need need, Definitions definitions, boolean mayGoBack, Findings findings) {
    this.need = need;
    this.definitions = definitions;
    this.mayGoBack = mayGoBack;
    this.findings = findings;
  }

  void see(Snapshot snapshot) {
    long[] cursors = snapshot.next();
    Optional<Fold> fold = fold(snapshot);
    fold.ifPresent(of -> {
      SortedMap<String, Row> expected = of.at(cursors);
      if (!expected.equals(snapshot.rows())
          && !isAhead(snapshot, next -> next.at(cursors).equals(snapshot.rows()))) {
        findings.outOfOrder(seen(snapshot) + Differences.first(expected, snapshot.rows()));
      }
    });
    if (!snapshot.accounts()) {
      findings.wrong(need + " was seen with accounts that do not add up");
    }
  }

  void see(Tally tally) {
    Snapshot snapshot = new Snapshot(tally.cursors(), new TreeMap<>());
    long[] cursors = snapshot.next();
    fold(snapshot)
        .ifPresent(of -> {
          long[][] expected = of.tally(cursors);
          if (!Arrays.deepEquals(expected, tally.tally())
              && !isAhead(
                  snapshot, next -> Arrays.deepEquals(next.tally(cursors), tally.tally()))) {
            findings.outOfOrder(
                seen(snapshot)
                    + Arrays.deepToString(tally.tally())
                    + ", not "
                    + Arrays.deepToString(expected));
          }
        });
  }

  /** How often rows of another shape were seen with the cursors of a moment before. */
  int ahead() {
    return ahead;
  }

  private interface Matches {
    boolean by(Fold fold);
  }

  /**
   * Postgres looks a table's name up in the newest catalogue, also in an older snapshot: whoever
   * read the cursors, or began to, before another table took the name, finds the new one, as it was
   * at the same cursors, which name the definition before.
   */
  private boolean isAhead(Snapshot snapshot, Matches rows) {
    long next = snapshot.definitions().last() + 1;
    boolean is =
        need != Need.HASHES
            && definitions.isReshaped(next)
            && definitions.fold(next).map(rows::by).orElse(false);
    ahead += is ? 1 : 0;
    return is;
  }

  /** Says what is wrong with the cursors themselves. Empty when nobody can say what they mean. */
  private Optional<Fold> fold(Snapshot snapshot) {
    Snapshot.Cursor[] before = last;
    last = snapshot.cursors();
    if (before != null && !mayGoBack && wentBack(before, snapshot.cursors())) {
      findings.outOfOrder(
          need + " went back from " + words(before) + " to " + words(snapshot.cursors()));
    }
    SortedSet<Long> seen = snapshot.definitions();
    if (seen.size() > 1) {
      findings.outOfOrder(need + " was seen as a mixture of definitions, " + words(last));
      return Optional.empty();
    }
    Optional<Fold> fold = definitions.fold(seen.first());
    if (fold.isEmpty()) {
      findings.wrong(need + " was seen with a definition that nobody asked for, " + words(last));
    }
    return fold;
  }

  private static boolean wentBack(Snapshot.Cursor[] from, Snapshot.Cursor[] to) {
    for (int p = 0; p < from.length; p++) {
      if (to[p].next() < from[p].next() || to[p].definition() < from[p].definition()) {
        return true;
      }
    }
    return false;
  }

  private String seen(Snapshot snapshot) {
    return need + " at " + words(snapshot.cursors()) + " was seen with ";
  }

  /** Definition and offset of each partition. */
  private static String words(Snapshot.Cursor[] cursors) {
    return Arrays.stream(cursors)
        .map(cursor -> cursor.definition() + ":" + cursor.next())
        .toList()
        .toString();
  }
}
