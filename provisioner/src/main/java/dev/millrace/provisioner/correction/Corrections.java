package dev.millrace.provisioner.correction;

import dev.millrace.api.correction.Correction;
import dev.millrace.api.correction.EventPlace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What people decided of one subscription's events, in the order decided. Immutable. */
public final class Corrections {
  public static final Corrections NONE = new Corrections(Map.of());

  private final Map<EventPlace, List<Correction>> all;

  private Corrections(Map<EventPlace, List<Correction>> all) {
    this.all = all;
  }

  /** One that came twice is there once. */
  public Corrections with(Correction correction) {
    List<Correction> here = new ArrayList<>(at(correction.place()));
    if (here.stream().anyMatch(before -> before.id().equals(correction.id()))) {
      return this;
    }
    here.add(correction);
    Map<EventPlace, List<Correction>> more = new TreeMap<>(all);
    more.put(correction.place(), List.copyOf(here));
    return new Corrections(Collections.unmodifiableMap(more));
  }

  public Corrections without(String id) {
    Map<EventPlace, List<Correction>> fewer = new TreeMap<>();
    all.forEach((place, here) -> {
      List<Correction> left = here.stream().filter(each -> !each.id().equals(id)).toList();
      if (!left.isEmpty()) {
        fewer.put(place, left);
      }
    });
    return new Corrections(Collections.unmodifiableMap(fewer));
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  public Set<EventPlace> places() {
    return all.keySet();
  }

  public List<Correction> at(EventPlace place) {
    return all.getOrDefault(place, List.of());
  }

  public boolean concern(int partition, long offset) {
    return !all.isEmpty() && all.containsKey(new EventPlace(partition, offset));
  }

  /** The events of which something was decided since then. */
  public Set<EventPlace> since(Corrections before) {
    Set<EventPlace> news = new TreeSet<>();
    if (this == before) {
      return news;
    }
    all.forEach((place, here) -> {
      if (!here.equals(before.at(place))) {
        news.add(place);
      }
    });
    return news;
  }
}
