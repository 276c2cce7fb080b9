package dev.millrace.provisioner.core;

import dev.millrace.api.status.Counts;
import dev.millrace.provisioner.report.Standing;
import dev.millrace.provisioner.report.Standing.Phase;
import dev.millrace.stores.Cursor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where the partitions of a pipeline stand. Of the core's thread. */
final class Standings {
  private final Work work;
  private final Map<Integer, Long> ends;
  private final SortedMap<Integer, Standing> standings = new TreeMap<>();
  private boolean known;

  /** Asked twenty times a second of each pipeline, and the same until something is written. */
  private boolean unflushed;

  private boolean crossed;
  private boolean live;

  private Standings(Work work) {
    this.work = work;
    this.ends = work.ends();
  }

  /**
   * @param before of the work before this one; what it knew of the same pipeline is kept
   */
  static Standings of(Work work, @Nullable Standings before) {
    Standings fresh = new Standings(work);
    boolean same = before != null && before.work.plan().uid().equals(work.plan().uid());
    for (int partition : work.partitions()) {
      Standing kept = same ? before.standings.get(partition) : null;
      fresh.standings.put(partition, kept == null ? fresh.atStart(partition) : kept);
    }
    fresh.known = same && before.known && before.standings.keySet().containsAll(work.partitions());
    fresh.judge();
    return fresh;
  }

  private Standing atStart(int partition) {
    long start = work.plan().start().getOrDefault(partition, 0L);
    return new Standing(
        partition, Phase.Preloading, start, start, Counts.NONE, 0, null, null, null);
  }

  /** A store has told where they stand. */
  boolean isKnown() {
    return known;
  }

  Collection<Standing> all() {
    return standings.values();
  }

  /** The store said so, and has been flushed since. */
  void taken(List<Cursor> cursors) {
    cursors.forEach(cursor -> stands(cursor, cursor.nextOffset()));
    known = true;
    judge();
  }

  /** The store said so, and a crash of it may take back what was not known to be flushed before. */
  void seen(List<Cursor> cursors) {
    for (Cursor cursor : cursors) {
      Standing before = standings.get(cursor.partition());
      if (before != null) {
        stands(cursor, Math.min(before.flushed(), cursor.nextOffset()));
      }
    }
    known = true;
    judge();
  }

  private void stands(Cursor cursor, long flushed) {
    change(
        cursor.partition(),
        before ->
            new Standing(
                before.partition(),
                phase(before.partition(), cursor.nextOffset()),
                cursor.nextOffset(),
                flushed,
                cursor.counts(),
                0,
                before.lastEventTime(),
                null,
                null));
  }

  void wrote(List<Stretch.Done> moved) {
    for (Stretch.Done done : moved) {
      change(
          done.move().partition(),
          before ->
              new Standing(
                  before.partition(),
                  phase(before.partition(), done.move().to()),
                  done.move().to(),
                  before.flushed(),
                  before.counts().plus(done.move().delta()),
                  before.consumed() + done.consumed(),
                  done.lastEventTime() == null ? before.lastEventTime() : done.lastEventTime(),
                  null,
                  null));
    }
    judge();
  }

  /** The store keeps what stood at these positions. */
  void flushed(Map<Integer, Long> positions) {
    standings.replaceAll((partition, before) ->
        new Standing(
            partition,
            before.phase(),
            before.position(),
            positions.getOrDefault(partition, before.flushed()),
            before.counts(),
            before.consumed(),
            before.lastEventTime(),
            before.reason(),
            before.message()));
    judge();
  }

  private void judge() {
    unflushed = standings.values().stream().anyMatch(each -> each.flushed() < each.position());
    crossed =
        standings.values().stream()
            .anyMatch(each ->
                hasCrossed(each, cutover(each.partition()))
                    || hasCrossed(each, end(each.partition())));
    live =
        standings.values().stream().allMatch(each -> each.position() >= cutover(each.partition()));
  }

  /**
   * @param where the partition that has the trouble; the others only stop with it
   */
  void blocked(Trouble trouble, OptionalInt where) {
    Phase phase = trouble.again() == Trouble.Again.SOON ? Phase.Retrying : Phase.Stopped;
    standings.replaceAll((partition, before) ->
        where.isEmpty() || where.getAsInt() == partition
            ? before.in(phase, trouble.code(), trouble.sentence())
            : before.in(phase, null, null));
  }

  void resting(Phase phase) {
    standings.replaceAll((partition, before) -> before.in(phase, null, null));
  }

  Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new TreeMap<>();
    standings.forEach((partition, at) -> positions.put(partition, at.position()));
    return positions;
  }

  boolean hasUnflushed() {
    return unflushed;
  }

  /**
   * A partition has passed its cutover or come to its end, and a crash of the store could still set
   * it back.
   */
  boolean hasCrossed() {
    return crossed;
  }

  private static boolean hasCrossed(Standing at, long line) {
    return at.position() >= line && at.flushed() < line;
  }

  /** Whether a partition that is not live yet would be, were it there. */
  boolean crosses(Map<Integer, Long> positions) {
    return standings.values().stream()
        .anyMatch(each -> {
          long cutover = cutover(each.partition());
          return each.position() < cutover
              && positions.getOrDefault(each.partition(), each.position()) >= cutover;
        });
  }

  boolean isLive() {
    return live;
  }

  private Phase phase(int partition, long position) {
    if (position >= end(partition)) {
      return Phase.Finished;
    }
    return position >= cutover(partition) ? Phase.Live : Phase.Preloading;
  }

  private long end(int partition) {
    return ends.getOrDefault(partition, Long.MAX_VALUE);
  }

  private long cutover(int partition) {
    return work.plan().cutover().getOrDefault(partition, 0L);
  }

  private void change(int partition, UnaryOperator<Standing> how) {
    standings.computeIfPresent(partition, (key, before) -> how.apply(before));
  }
}
