package dev.millrace.provisioner.core;

import dev.millrace.api.ask.Measurement.SharedReading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One scan feeds many: which subscriptions share a reader, and how much of the log is kept at hand.
 *
 * <p>A place joins the cohort that has its position in the window, or reads for itself until it
 * reaches one. When memory is short, the oldest of a window goes, and whoever had not taken it yet
 * reads for himself from there on. So nobody waits for anybody.
 */
final class Scan {
  /** Read ahead of the fastest at most, and kept behind the slowest, for those who come. */
  private static final long AROUND = 4L << 20;

  private final long mostBytes;
  private final Map<TopicPartition, List<Cohort>> cohorts = new LinkedHashMap<>();
  private long bytes;
  private int count;
  private boolean changed;

  Scan(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  Collection<List<Cohort>> all() {
    return cohorts.values();
  }

  /** Since it was asked last, somebody may have begun or ceased to want something read. */
  boolean hasChanged() {
    boolean before = changed;
    changed = false;
    return before;
  }

  void join(Place place) {
    Optional<Cohort> found = covering(place, place.leaderEpoch, null);
    enter(place, found.orElseGet(() -> begun(place, place.leaderEpoch)));
  }

  private Optional<Cohort> covering(
      Place place, Optional<Integer> leaderEpoch, @Nullable Cohort except) {
    return of(place.partition).stream()
        .filter(cohort -> cohort != except && cohort.unreadable == null)
        .filter(cohort -> cohort.covers(place.position) && cohort.topicId.equals(place.topicId))
        .filter(cohort -> cohort.isOfSameLog(place.position, leaderEpoch))
        .max(Comparator.comparingLong(Cohort::end));
  }

  private Cohort begun(Place place, Optional<Integer> leaderEpoch) {
    changed = true;
    Cohort cohort = new Cohort(place.partition, place.topicId, place.position, leaderEpoch);
    cohorts.computeIfAbsent(place.partition, key -> new ArrayList<>()).add(cohort);
    count++;
    return cohort;
  }

  private void enter(Place place, Cohort cohort) {
    place.cohort = cohort;
    cohort.places.add(place);
    cohort.reached(place.position);
  }

  void leave(Place place) {
    Cohort cohort = place.cohort;
    if (cohort == null) {
      return;
    }
    sate(place);
    cohort.places.remove(place);
    cohort.recount();
    place.cohort = null;
    if (cohort.places.isEmpty()) {
      end(cohort);
    }
  }

  private void end(Cohort cohort) {
    changed = true;
    bytes -= cohort.bytes();
    List<Cohort> others = of(cohort.partition);
    others.remove(cohort);
    count--;
    if (others.isEmpty()) {
      cohorts.remove(cohort.partition);
    }
  }

  /**
   * What comes next for this place; when there is nothing, it is hungry until something comes.
   *
   * @param mostBytes about the most; one chunk in any case
   */
  List<Chunk> next(Place place, long mostBytes) {
    List<Chunk> found = cohort(place).from(place.position, mostBytes);
    if (found.isEmpty() && catchUp(place)) {
      found = cohort(place).from(place.position, mostBytes);
    }
    if (found.isEmpty()) {
      starve(place);
    } else {
      sate(place);
    }
    return found;
  }

  void advance(Place place, long position) {
    Cohort cohort = cohort(place);
    place.position = position;
    changed |= cohort.reached(position) || cohort.hungry > 0;
  }

  /** Joins a cohort ahead whose window has been reached. */
  private boolean catchUp(Place place) {
    Cohort now = cohort(place);
    Optional<Cohort> ahead = ahead(now, place.position);
    ahead.ifPresent(cohort -> {
      leave(place);
      enter(place, cohort);
    });
    return ahead.isPresent();
  }

  private Optional<Cohort> ahead(Cohort now, long position) {
    return of(now.partition).stream()
        .filter(each -> each != now && each.unreadable == null && each.covers(position))
        .filter(each -> each.topicId.equals(now.topicId))
        .filter(each -> each.end() > now.end() || (each.end() == now.end() && isBefore(each, now)))
        .filter(each -> each.isOfSameLog(position, now.epochAt(position)))
        .max(Comparator.comparingLong(Cohort::end));
  }

  /** Of two at the same end, the younger joins the older. */
  private boolean isBefore(Cohort one, Cohort other) {
    List<Cohort> all = of(one.partition);
    return all.indexOf(one) < all.indexOf(other);
  }

  /** Who goes on, now that a reader has brought this; empty when it was read for nobody. */
  List<Place> arrived(Chunk chunk) {
    Cohort cohort = reading(chunk.partition(), chunk.seek());
    if (cohort == null) {
      return List.of();
    }
    if (chunk.from() != cohort.end()) {
      throw new IllegalStateException(chunk + " does not follow " + cohort);
    }
    changed = true;
    cohort.add(chunk);
    bytes += chunk.bytes();
    trim(cohort);
    List<Place> waiting = new ArrayList<>(waiting(cohort));
    of(chunk.partition()).stream()
        .filter(other -> other != cohort && other.hungry > 0 && cohort.covers(other.end()))
        .forEach(other -> waiting.addAll(waiting(other)));
    waiting.forEach(this::sate);
    return waiting;
  }

  /** Who cannot go on. */
  List<Place> unreadable(TopicPartition partition, long seek, Trouble trouble) {
    Cohort cohort = reading(partition, seek);
    if (cohort == null) {
      return List.of();
    }
    changed = true;
    cohort.unreadable = trouble;
    return waiting(cohort);
  }

  /** Many cohorts share the budget. */
  private long around() {
    return Math.min(AROUND, mostBytes / (4L * Math.max(1, count)));
  }

  private static List<Place> waiting(Cohort cohort) {
    return cohort.places.stream().filter(place -> place.hungry).toList();
  }

  private @Nullable Cohort reading(TopicPartition partition, long seek) {
    for (Cohort cohort : of(partition)) {
      if (cohort.lane >= 0 && cohort.seek == seek) {
        return cohort;
      }
    }
    return null;
  }

  /** Whether a reader should bring more. */
  boolean wants(Cohort cohort) {
    if (cohort.unreadable != null) {
      return false;
    }
    if (cohort.hungry > 0) {
      return bytes <= mostBytes && !isAwaited(cohort) && ahead(cohort, cohort.end()).isEmpty();
    }
    return bytes <= mostBytes / 2
        && cohort.ahead() < around()
        && ahead(cohort, cohort.end()).isEmpty();
  }

  /**
   * Somebody has enough to take and waits for the processor only. Reading on for those ahead would
   * not make it faster, and drive him out of the window.
   */
  private boolean isAwaited(Cohort cohort) {
    if (cohort.hungry == cohort.places.size()) {
      return false;
    }
    long last = Long.MAX_VALUE;
    for (Place place : cohort.places) {
      if (place.position < last && place.member.isWaiting) {
        last = place.position;
      }
    }
    return cohort.after(last) >= around();
  }

  /** Keeps within the budget. */
  void makeRoom() {
    while (bytes > mostBytes && (giveUpFirst() || giveUpStill())) {
      changed = true;
    }
  }

  /**
   * The oldest that somebody has taken: whoever has not reads it again, for himself. Not while one
   * of them waits for the processor only: it will have it soon, and to read and to parse all again
   * would take more of what is short.
   */
  private boolean giveUpFirst() {
    Optional<Cohort> from = largest(Scan::onlyLateNeedFirst);
    from.ifPresent(cohort -> {
      part(cohort, late(cohort));
      dropFirst(cohort);
    });
    return from.isPresent();
  }

  private static boolean onlyLateNeedFirst(Cohort cohort) {
    return cohort.firstIsTakenBySome()
        && cohort.places.stream()
            .noneMatch(place -> place.member.isTaking() && isLate(place, cohort));
  }

  private static List<Place> late(Cohort cohort) {
    return cohort.places.stream().filter(place -> isLate(place, cohort)).toList();
  }

  private static boolean isLate(Place place, Cohort cohort) {
    return place.position < Objects.requireNonNull(cohort.first()).to();
  }

  /** What was read ahead for those who take nothing now. */
  private boolean giveUpStill() {
    Optional<Cohort> from = largest(cohort -> cohort.hungry == 0 && isStill(cohort));
    from.ifPresent(cohort -> part(cohort, List.copyOf(cohort.places)));
    return from.isPresent();
  }

  private Optional<Cohort> largest(Predicate<Cohort> which) {
    return cohorts.values().stream()
        .flatMap(List::stream)
        .filter(cohort -> cohort.bytes() > 0 && which.test(cohort))
        .max(Comparator.comparingLong(Cohort::bytes));
  }

  private static boolean isStill(Cohort cohort) {
    return cohort.places.stream().noneMatch(place -> place.member.isTaking());
  }

  /** From here on they read for themselves, those at the same position together. */
  private void part(Cohort from, List<Place> places) {
    for (Place place : places) {
      Optional<Integer> epoch = from.epochBefore(place.position);
      Cohort own = covering(place, epoch, from).orElseGet(() -> begun(place, epoch));
      leave(place);
      enter(place, own);
    }
  }

  private void dropFirst(Cohort cohort) {
    bytes -= cohort.bytes();
    cohort.dropFirst();
    bytes += cohort.bytes();
  }

  /** What all have taken is kept for a while, for those who come. */
  private void trim(Cohort cohort) {
    long behind = around();
    if (cohort.bytes() <= behind) {
      return;
    }
    long slowest = cohort.slowest();
    long taken = cohort.bytes() - cohort.ahead();
    for (Chunk first = cohort.first();
        first != null && first.to() <= slowest && taken > behind;
        first = cohort.first()) {
      taken -= first.bytes();
      dropFirst(cohort);
    }
  }

  /** Who shares its reader, and whether anybody is further ahead. */
  SharedReading sharing(Place place) {
    Cohort cohort = cohort(place);
    return new SharedReading(
        place.partition.partition(),
        cohort.places.size() - 1,
        of(place.partition).stream().anyMatch(other -> other.end() > cohort.end()));
  }

  private void starve(Place place) {
    if (!place.hungry) {
      place.hungry = true;
      changed |= cohort(place).hungry++ == 0;
    }
  }

  private void sate(Place place) {
    if (place.hungry) {
      place.hungry = false;
      changed |= --cohort(place).hungry == 0;
    }
  }

  private static Cohort cohort(Place place) {
    if (place.cohort == null) {
      throw new IllegalStateException(place + " is in no cohort");
    }
    return place.cohort;
  }

  private List<Cohort> of(TopicPartition partition) {
    return cohorts.getOrDefault(partition, List.of());
  }
}
