package dev.millrace.provisioner.simulation;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.stores.Cursor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a store must hold, folded from the log. Shares no code with the worker. */
final class Oracle {
  private final SimulatedLog log;

  Oracle(SimulatedLog log) {
    this.log = log;
  }

  /**
   * What is wrong with this table at this moment; empty when nothing is, or when nobody could say.
   */
  Optional<String> wrong(Subscription of, SimulatedStore.Table table) {
    for (Cursor cursor : table.cursors().values()) {
      Counts counts = cursor.counts();
      if (counts.read()
          != counts.applied() + counts.filtered() + counts.deadLettered() + counts.skipped()) {
        return Optional.of("accounting " + cursor);
      }
    }
    if (table.cursors().values().stream().map(Cursor::definition).distinct().count() > 1) {
      return Optional.of("two definitions " + table.cursors());
    }
    if (table.cursors().size() < of.start.size() || isDiverged(of, table) || isUndecidable(of)) {
      return Optional.empty();
    }
    return content(of, table).or(() -> accounting(of, table));
  }

  /** What readers saw go back, with nobody having set the store back. */
  static Optional<String> wentBack(SimulatedStore.Table before, SimulatedStore.Table after) {
    return before.cursors().values().stream()
        .filter(cursor -> {
          Cursor now = after.cursors().get(cursor.partition());
          return now == null
              || now.nextOffset() < cursor.nextOffset()
              || now.definition() < cursor.definition();
        })
        .map(
            cursor -> "went back from " + cursor + " to " + after.cursors().get(cursor.partition()))
        .findFirst();
  }

  /** The log that the table was fed from is not this one any more. */
  boolean isDiverged(Subscription of, SimulatedStore.Table table) {
    return table.cursors().values().stream().anyMatch(cursor -> isDiverged(of, cursor));
  }

  private boolean isDiverged(Subscription of, Cursor cursor) {
    SimulatedLog.Partition partition = log.partitions(of.topicId).get(cursor.partition());
    return cursor.leaderEpoch().isPresent()
        && partition.endOfEpochEver(cursor.leaderEpoch().get()) < cursor.nextOffset();
  }

  private Optional<String> content(Subscription of, SimulatedStore.Table table) {
    Map<Long, Long> rows = new HashMap<>();
    Map<Integer, List<String>> added = new TreeMap<>();
    table.cursors().values().forEach(cursor -> fold(of, table, cursor, rows, added));
    if (table.shape().append()) {
      Map<Integer, List<String>> found = new TreeMap<>();
      of.start.keySet().forEach(partition -> found.put(partition, new ArrayList<>()));
      for (String each : table.added()) {
        found.get(Integer.parseInt(each.substring(0, each.indexOf('/')))).add(each);
      }
      return of.start.keySet().stream()
          .filter(partition -> !found.get(partition).equals(added.get(partition)))
          .map(partition ->
              difference(found.get(partition), added.get(partition)) + " of " + table.shape())
          .findFirst();
    }
    return rows.equals(table.rows())
        ? Optional.empty()
        : Optional.of("rows " + table.rows() + ", expected " + rows + " of " + table.shape());
  }

  private static String difference(List<String> found, List<String> expected) {
    int same = 0;
    while (same < Math.min(found.size(), expected.size())
        && found.get(same).equals(expected.get(same))) {
      same++;
    }
    return "appended "
        + found.size()
        + " events instead of "
        + expected.size()
        + ", from the "
        + same
        + "th on "
        + found.stream().skip(same).limit(5).toList()
        + " instead of "
        + expected.stream().skip(same).limit(5).toList();
  }

  /**
   * What stands there, as it was corrected: the first correction that is good, or leaves it out.
   */
  private static Optional<Subscription.Fix> fix(
      Subscription of, SimulatedStore.Table state, int partition, SimulatedLog.Event event) {
    if (event.kind() != SimulatedLog.Kind.BROKEN) {
      return Optional.empty();
    }
    String at = partition + "/" + event.offset();
    return state.dead().contains(at)
        ? Optional.empty()
        : of.fixes(at).stream().filter(fix -> fix.kind() != SimulatedLog.Kind.BROKEN).findFirst();
  }

  /**
   * An event has left the log that somebody corrected well, and somebody discarded later: which of
   * the two took effect depends on when it left, and nobody can read it again. Or the store was set
   * back to a copy that skipped what another copy kept as a dead letter, and somebody corrected.
   */
  private boolean isUndecidable(Subscription of) {
    return (of.store.wasSetBackOrHurt()
            && of.policies.contains("Skip")
            && !of.corrections().isEmpty())
        || isDiscardedTooLate(of);
  }

  private boolean isDiscardedTooLate(Subscription of) {
    return of.corrections().places().stream()
        .anyMatch(place -> {
          List<Subscription.Fix> fixes = of.fixes(place.toString());
          return fixes.stream().anyMatch(fix -> fix.kind() == SimulatedLog.Kind.GOOD)
              && fixes.stream().anyMatch(fix -> fix.kind() == null)
              && !log.partitions(of.topicId)
                  .get(place.partition())
                  .events
                  .containsKey(place.offset());
        });
  }

  private static SimulatedLog.Event corrected(
      Subscription of, SimulatedStore.Table state, int partition, SimulatedLog.Event event) {
    if (event.kind() != SimulatedLog.Kind.BROKEN) {
      return event;
    }
    return fix(of, state, partition, event)
        .filter(fix -> fix.kind() == SimulatedLog.Kind.GOOD)
        .map(fix ->
            new SimulatedLog.Event(
                event.offset(),
                fix.id(),
                event.epoch(),
                event.key(),
                SimulatedLog.Kind.GOOD,
                fix.value(),
                event.at()))
        .orElse(event);
  }

  private void fold(
      Subscription of,
      SimulatedStore.Table state,
      Cursor cursor,
      Map<Long, Long> rows,
      Map<Integer, List<String>> added) {
    List<String> mine = added.computeIfAbsent(cursor.partition(), key -> new ArrayList<>());
    boolean append = state.shape().append();
    for (SimulatedLog.Event each : applied(of, state, cursor)) {
      SimulatedLog.Event event = corrected(of, state, cursor.partition(), each);
      String at = append ? cursor.partition() + "/" + event.offset() + " " : "";
      long key = event.key();
      switch (event.kind()) {
        case GOOD -> {
          boolean passes = event.value() >= state.shape().threshold();
          long column = column(state.shape(), cursor.partition(), event);
          if (passes && append) {
            mine.add(at + column);
          } else if (passes) {
            rows.put(key, column);
          } else if (!append) {
            rows.remove(key);
          }
        }
        case TOMBSTONE -> {
          if (append) {
            mine.add(at + "null");
          } else {
            rows.remove(key);
          }
        }
        case BROKEN -> {
          // The key keeps what it had.
        }
      }
    }
  }

  /** A column that was added is seen as its bit from the place on since when it is there. */
  private static long column(Shape shape, int partition, SimulatedLog.Event event) {
    long bits = 0;
    for (int i = 0; i < shape.added().size(); i++) {
      Long since = shape.added().get(i).get(partition);
      boolean there = since == null || since <= event.offset();
      bits |= there ? 1L << i : 0;
    }
    return event.id() + 1_000_000L * shape.form() + 100_000_000L * bits;
  }

  private Optional<String> accounting(Subscription of, SimulatedStore.Table state) {
    for (Cursor cursor : state.cursors().values()) {
      int partition = cursor.partition();
      Counts counts = cursor.counts();
      long events = 0;
      long discarded = 0;
      long broken = 0;
      long filtered = 0;
      for (SimulatedLog.Event each : applied(of, state, cursor)) {
        SimulatedLog.Event event = corrected(of, state, partition, each);
        events++;
        if (event.kind() == SimulatedLog.Kind.BROKEN) {
          broken++;
          discarded += fix(of, state, partition, each).isPresent() ? 1 : 0;
        } else if (event.kind() == SimulatedLog.Kind.GOOD
            && event.value() < state.shape().threshold()) {
          filtered++;
        }
      }
      List<String> dead =
          state.dead().stream().filter(at -> at.startsWith(cursor.partition() + "/")).toList();
      boolean right =
          counts.read() == events
              && counts.filtered() == filtered
              && counts.deadLettered() + counts.skipped() == broken
              && counts.deadLettered() == dead.size()
              && (of.policies.contains("DeadLetter") || dead.isEmpty())
              && counts.skipped() >= discarded
              && (of.policies.contains("Skip") || counts.skipped() == discarded)
              && dead.stream().distinct().count() == dead.size()
              && dead.stream().allMatch(at -> isBroken(of, cursor, at));
      if (!right) {
        return Optional.of(
            cursor
                + " after "
                + events
                + " events, "
                + filtered
                + " filtered, "
                + broken
                + " broken, "
                + discarded
                + " discarded, dead "
                + dead
                + " of policies "
                + of.policies);
      }
    }
    return Optional.empty();
  }

  private boolean isBroken(Subscription of, Cursor cursor, String at) {
    long offset = Long.parseLong(at.substring(at.indexOf('/') + 1));
    SimulatedLog.Event event =
        log.partitions(of.topicId).get(cursor.partition()).history.get(offset);
    return event != null && event.kind() == SimulatedLog.Kind.BROKEN;
  }

  private Collection<SimulatedLog.Event> applied(
      Subscription of, SimulatedStore.Table table, Cursor cursor) {
    int partition = cursor.partition();
    long from = table.start().get(partition);
    Collection<SimulatedLog.Event> all =
        log.partitions(of.topicId)
            .get(partition)
            .history
            .subMap(from, Math.max(from, cursor.nextOffset()))
            .values();
    return of.gaps.isEmpty()
        ? all
        : all.stream().filter(event -> !isLost(of, table, partition, event.offset())).toList();
  }

  /**
   * The store went past it without reading it, from within what was accepted as lost to its end.
   */
  private static boolean isLost(
      Subscription of, SimulatedStore.Table table, int partition, long offset) {
    return table.passed().stream()
        .filter(move -> move.partition() == partition)
        .filter(move -> move.from() <= offset && offset < move.to())
        .anyMatch(move -> move.to() <= behind(of, partition, move.from()));
  }

  /** A store that stands here is behind what was accepted as lost, or soon will be. */
  private static long behind(Subscription of, int partition, long from) {
    long at = from;
    for (boolean further = true; further; ) {
      long now = at;
      at =
          of.gaps.stream()
              .filter(gap -> gap.partition() == partition)
              .filter(gap -> gap.from() <= now && now < gap.to())
              .mapToLong(PipelinePlan.Gap::to)
              .max()
              .orElse(now);
      further = at > now;
    }
    return at;
  }

  /** Whether a pipeline that names this has a reason to. */
  boolean isTrue(Subscription of, PipelinePlan plan, String code) {
    Map<Integer, Cursor> cursors =
        of.store.table(plan.uid()).map(SimulatedStore.Table::cursors).orElse(Map.of());
    List<SimulatedLog.Partition> partitions = log.partitions(of.topicId);
    return switch (code) {
      case "HistoryLost" ->
          cursors.values().stream()
              .anyMatch(cursor ->
                  behind(of, cursor.partition(), cursor.nextOffset())
                      < partitions.get(cursor.partition()).start);
      case "HistoryTruncated" ->
          cursors.values().stream()
              .anyMatch(cursor ->
                  isDiverged(of, cursor)
                      || cursor.nextOffset() > partitions.get(cursor.partition()).end);
      case "SourceRecreated" -> !of.topicId.equals(log.topicId());
      case "StoreLost" -> cursors.size() < of.start.size() && of.store.wasSetBackOrHurt();
      case "DefinitionBehind" ->
          of.store.wasSetBackOrHurt()
              && (cursors.values().stream().anyMatch(cursor -> cursor.definition() < plan.builtAt())
                  || of.store.wentOnWithout(plan));
      case "NotJson" -> of.onError().equals("Halt") && standsBeforeBroken(of, cursors);
      default -> false;
    };
  }

  private boolean standsBeforeBroken(Subscription of, Map<Integer, Cursor> cursors) {
    return cursors.values().stream()
        .anyMatch(cursor -> {
          var next =
              log.partitions(of.topicId)
                  .get(cursor.partition())
                  .history
                  .ceilingEntry(cursor.nextOffset());
          return next != null && next.getValue().kind() == SimulatedLog.Kind.BROKEN;
        });
  }

  /** No dead letter waits for a correction that can be applied. */
  boolean isAmended(Subscription of) {
    return of.table().stream()
        .flatMap(table -> table.dead().stream())
        .noneMatch(at -> canBeAmended(of, at));
  }

  private boolean canBeAmended(Subscription of, String at) {
    String[] parts = at.split("/");
    boolean inLog =
        log.partitions(of.topicId)
            .get(Integer.parseInt(parts[0]))
            .events
            .containsKey(Long.parseLong(parts[1]));
    return of.fixes(at).stream().anyMatch(fix -> fix.kind() == null)
        || (inLog && of.fixes(at).stream().anyMatch(fix -> fix.kind() == SimulatedLog.Kind.GOOD));
  }

  /** Everything that can be applied has been. */
  boolean isAtEnd(Subscription of) {
    Map<Integer, Long> places = of.table().map(SimulatedStore.Table::places).orElse(Map.of());
    return places.size() == of.start.size()
        && places.entrySet().stream()
            .allMatch(at -> at.getValue() == log.partitions(of.topicId).get(at.getKey()).end);
  }
}
