package dev.millrace.provisioner.core;

import dev.millrace.api.correction.EventPlace;
import dev.millrace.provisioner.correction.Corrections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The corrected events of a member that its store may still have as dead letters. */
final class DueCorrections {
  private final Set<EventPlace> due = new TreeSet<>();
  private Corrections known = Corrections.NONE;
  private @Nullable Set<EventPlace> amending;

  /** All are due again: nobody knows which of them a store has that is opened anew. */
  void forget() {
    due.clear();
    known = Corrections.NONE;
  }

  /** Returns whether there were new ones in these partitions. */
  boolean learn(Corrections now, Set<Integer> partitions) {
    Set<EventPlace> news = now.since(known);
    news.removeIf(place -> !partitions.contains(place.partition()));
    known = now;
    due.addAll(news);
    return !news.isEmpty();
  }

  /** Those that have been taken in; of what lies ahead nothing is in the store yet. */
  Set<EventPlace> behind(List<Place> places) {
    if (due.isEmpty()) {
      return Set.of();
    }
    Set<EventPlace> behind = new TreeSet<>();
    for (EventPlace place : due) {
      for (Place at : places) {
        if (at.partition.partition() == place.partition() && at.position > place.offset()) {
          behind.add(place);
        }
      }
    }
    return behind;
  }

  boolean areAmended() {
    return amending != null;
  }

  void begin(Set<EventPlace> which) {
    amending = which;
  }

  void succeeded() {
    if (amending != null) {
      due.removeAll(amending);
    }
    amending = null;
  }

  void failed() {
    amending = null;
  }
}
