package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Event;
import dev.millrace.chaos.load.Load.Place;
import dev.millrace.chaos.load.Row;
import dev.millrace.chaos.store.PostgresServer.Appended;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** Where what was found is not what was expected. */
final class Differences {
  private final Findings findings;

  Differences(Findings findings) {
    this.findings = findings;
  }

  void rows(Need need, SortedMap<String, Row> expected, SortedMap<String, Row> found) {
    expected.forEach((key, row) -> {
      Row there = found.get(key);
      if (there == null || there.version() < row.version()) {
        findings.lost(need + " has " + there + " for " + key + ", not " + row);
      } else if (!there.equals(row)) {
        findings.outOfOrder(need + " has " + there + " for " + key + ", not " + row);
      }
    });
    found.keySet().stream()
        .filter(key -> !expected.containsKey(key))
        .forEach(key -> findings.lost(need + " lost a deletion: has " + key + " still"));
  }

  void appended(Map<Place, Event> expected, Map<Place, List<Appended>> found) {
    expected.forEach((place, event) -> {
      List<Appended> there = found.getOrDefault(place, List.of());
      if (there.isEmpty()) {
        findings.lost("JOURNAL has nothing for " + place);
      } else if (there.size() > 1) {
        findings.duplicated("JOURNAL has " + there.size() + " rows for " + place);
      } else if (!there.get(0).equals(row(event))) {
        findings.outOfOrder("JOURNAL has " + there.get(0) + " for " + event + " at " + place);
      }
    });
    found.keySet().stream()
        .filter(place -> !expected.containsKey(place))
        .forEach(place -> findings.duplicated("JOURNAL has a row at " + place + " too much"));
  }

  private static Appended row(Event event) {
    return new Appended(event.key(), event.effect() == Event.Effect.PUT ? event.row() : null);
  }

  /** In words, for people. */
  static String first(SortedMap<String, Row> expected, SortedMap<String, Row> found) {
    for (Map.Entry<String, Row> each : expected.entrySet()) {
      Row there = found.get(each.getKey());
      if (!each.getValue().equals(there)) {
        return there + " for " + each.getKey() + ", not " + each.getValue();
      }
    }
    Set<String> more = new TreeSet<>(found.keySet());
    more.removeAll(expected.keySet());
    return "keys that must be gone: " + more;
  }
}
