package dev.millrace.chaos.round;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.chaos.load.Fold;
import dev.millrace.chaos.load.Load.Place;
import dev.millrace.chaos.store.CursorMissing;
import dev.millrace.chaos.store.Snapshot;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds what the stores have against what the log says. */
final class Comparison {
  private final Scene scene;
  private final Findings findings;
  private final Differences differences;

  Comparison(Scene scene, Findings findings) {
    this.scene = scene;
    this.findings = findings;
    this.differences = new Differences(findings);
  }

  /** All content, dead letters and accounts, where the store's cursors stand now. */
  void content(Need need) throws SQLException, IOException, CursorMissing {
    Fold fold = scene.fold(need);
    long[] cursors;
    if (need == Need.JOURNAL) {
      Snapshot.Cursor[] rows = scene.site().postgres().cursors(scene.uid(need), Scene.PARTITIONS);
      Snapshot snapshot = new Snapshot(rows, new TreeMap<>());
      cursors = snapshot.next();
      differences.appended(
          fold.appended(cursors), scene.site().postgres().appended(scene.place(need)));
      accounts(need, snapshot, fold);
    } else {
      Snapshot snapshot = scene.snapshot(need);
      cursors = snapshot.next();
      differences.rows(need, fold.at(cursors), snapshot.rows());
      accounts(need, snapshot, fold);
    }
    deadLetters(need, fold.poison(cursors));
  }

  /**
   * What the platform itself says of a store must be what is the case.
   *
   * @param result of a verification, while nothing was published
   * @return how many rows are missing
   */
  long verification(Need need, JsonNode result) throws Exception {
    long missing = missing(need);
    if (!result.path("outcome").asText().equals(missing == 0 ? "Equal" : "Differs")
        || result.at("/missing/count").asLong(-1) != missing
        || result.at("/additional/count").asLong(-1) != 0
        || result.at("/changed/count").asLong(-1) != 0) {
      findings.wrong(need + " lacks " + missing + " rows and nothing else; verified: " + result);
    }
    return missing;
  }

  private long missing(Need need) throws Exception {
    Set<?> expected =
        need == Need.JOURNAL
            ? scene.fold(need).appended(scene.cursors(need)).keySet()
            : scene.fold(need).at(scene.cursors(need)).keySet();
    Set<?> found =
        need == Need.JOURNAL
            ? scene.site().postgres().appended(scene.place(need)).keySet()
            : scene.snapshot(need).rows().keySet();
    return expected.stream().filter(each -> !found.contains(each)).count();
  }

  /**
   * Whatever was seen at any moment must be the state at the cursors it was seen with.
   *
   * @return how often rows of another shape were seen with the cursors of a moment before
   */
  int observations(Observer observer, boolean mayGoBack) {
    int ahead = 0;
    for (Need need : Need.values()) {
      Observations seen = new Observations(need, scene.definitions(need), mayGoBack, findings);
      if (need == Need.JOURNAL) {
        observer.tallies().forEach(seen::see);
      } else {
        observer.looks(need).forEach(seen::see);
      }
      ahead += seen.ahead();
    }
    return ahead;
  }

  /** Nothing is built any more, so nothing of it may be left anywhere. */
  void ofRebuilds() throws SQLException, IOException {
    List<String> left = scene.ofRebuilds();
    if (!left.isEmpty()) {
      findings.wrong("rebuilds left " + left);
    }
  }

  private void accounts(Need need, Snapshot snapshot, Fold fold) {
    if (!snapshot.accounts()) {
      findings.wrong(need + ": read is not applied + filtered + deadLettered + skipped");
    }
    long events = fold.events(snapshot.next());
    if (snapshot.read() != events) {
      findings.wrong(need + " says it read " + snapshot.read() + " events of " + events);
    }
    int poison = fold.poison(snapshot.next()).size();
    if (snapshot.deadLettered() != poison) {
      findings.wrong(
          need
              + " counts "
              + snapshot.deadLettered()
              + " dead letters, and "
              + poison
              + " are due");
    }
  }

  private void deadLetters(Need need, Set<Place> expected) throws SQLException, IOException {
    Set<Place> found =
        need == Need.HASHES
            ? scene.site().redis().deadLetters(scene.store(need), scene.uid(need))
            : scene.site().postgres().deadLetters(scene.uid(need));
    if (!found.equals(expected)) {
      findings.lost(
          need
              + " has dead letters "
              + without(found, expected)
              + " too many, and lacks "
              + without(expected, found));
    }
  }

  private static Set<Place> without(Set<Place> all, Set<Place> some) {
    Set<Place> left = new TreeSet<>(all);
    left.removeAll(some);
    return left;
  }
}
