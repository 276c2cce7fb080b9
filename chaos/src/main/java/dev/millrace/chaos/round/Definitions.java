package dev.millrace.chaos.round;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.chaos.load.Fold;
import dev.millrace.chaos.load.Log;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one subscription asked for, definition by definition, each with the fold that says what it
 * holds then. The platform counts them from 1, and takes the number of one that was given up again.
 *
 * <p>Since which offsets a column is there that came to a store where it is, the platform decides,
 * and says. It must be some moment of the log behind the one when it was asked for, and stay so.
 */
final class Definitions {
  private final Log log;
  private final long[] start;
  private final Schema schema;
  private final TreeMap<Long, Defined> all = new TreeMap<>();
  private long present;

  /**
   * @param asked where the log ended before a store was to be altered for it; null when it was
   *     built anew
   */
  private record Defined(
      Variant variant, List<Column> columns, long @Nullable [] asked, Fold fold) {}

  Definitions(Log log, long[] start, Variant first, Schema schema) {
    this.log = log;
    this.start = start.clone();
    this.schema = schema;
    this.present = 1;
    put(1, first);
  }

  long[] start() {
    return start.clone();
  }

  long present() {
    return present;
  }

  Variant variant() {
    return defined(present).variant();
  }

  Fold fold() {
    return defined(present).fold();
  }

  /** Empty for a number that nothing was asked for under. */
  Optional<Fold> fold(long definition) {
    return Optional.ofNullable(all.get(definition)).map(Defined::fold);
  }

  /**
   * Whether its table or hashes were built anew with other columns than those of the one before.
   */
  boolean isReshaped(long definition) {
    Defined is = all.get(definition);
    Defined was = all.get(definition - 1);
    return is != null
        && was != null
        && is.asked() == null
        && (is.variant().takesEvery() != was.variant().takesEvery()
            || !types(is.columns()).equals(types(was.columns())));
  }

  private static List<String> types(List<Column> columns) {
    return columns.stream().map(column -> column.name() + " " + column.type()).sorted().toList();
  }

  /** What is asked for from now on, and built anew. */
  void become(Variant next) {
    present++;
    all.tailMap(present).clear();
    put(present, next);
  }

  /** The same content is asked for in other words. */
  void restate(Variant same) {
    Defined is = defined(present);
    all.put(present, new Defined(same, is.columns(), is.asked(), is.fold()));
  }

  /**
   * What is asked for from now on, by columns that come to the store, or become wider, where it is.
   *
   * @param asked where the log ends now
   */
  void alter(Variant next, long[] asked) {
    Map<String, Column> were = new TreeMap<>();
    defined(present).columns().forEach(column -> were.put(column.name(), column));
    List<Column> columns = new ArrayList<>();
    for (Column column : next.columns(schema)) {
      Column was = were.get(column.name());
      columns.add(was != null && was.isLike(column) ? was : column.since(asked, was));
    }
    present++;
    all.tailMap(present).clear();
    all.put(present, new Defined(next, columns, asked.clone(), fold(next, columns)));
  }

  /**
   * Takes over since when which columns are what they are.
   *
   * @param plan the one that runs, of the present definition
   * @param end where the log ends now
   * @throws IllegalStateException when that cannot be
   */
  void learn(JsonNode plan, long[] end) {
    Defined is = defined(present);
    long[] asked = Objects.requireNonNull(is.asked());
    Defined was = defined(present - 1);
    requirePresent(plan);
    List<Column> learnt = new ArrayList<>();
    for (Column column : is.columns()) {
      long[] since = since(column(plan, column.name()));
      boolean isNew = was.columns().stream().noneMatch(column::isLike);
      if (isNew && !isWithin(asked, since, end)) {
        throw new IllegalStateException(
            "the log was between %s and %s when %s came, not at %s"
                .formatted(
                    Arrays.toString(asked),
                    Arrays.toString(end),
                    column.name(),
                    Arrays.toString(since)));
      }
      if (!isNew) {
        requireSince(column, since);
      }
      learnt.add(isNew ? column.since(Objects.requireNonNull(since), column.before()) : column);
    }
    all.put(present, new Defined(is.variant(), learnt, asked, fold(is.variant(), learnt)));
  }

  /**
   * What was to come to the store last is wanted no more. It may be there, or only the definition
   * that it was to come with, or neither.
   *
   * @param plan the one that runs
   * @param end where the log ends now
   * @return whether it is there
   */
  boolean takenBack(JsonNode plan, String name, long[] end) {
    if (hasColumn(plan, name)) {
      learn(plan, end);
      return true;
    }
    Defined was = defined(present - 1);
    if (plan.path("definition").asLong() == present) {
      all.put(
          present, new Defined(was.variant(), was.columns(), defined(present).asked(), was.fold()));
    } else {
      all.remove(present);
      present--;
    }
    requireUnchanged(plan);
    return false;
  }

  /** Nothing came to the store since then: what is said of it must be what was said. */
  void requireUnchanged(JsonNode plan) {
    requirePresent(plan);
    for (Column column : defined(present).columns()) {
      requireSince(column, since(column(plan, column.name())));
    }
  }

  private static void requireSince(Column column, long @Nullable [] said) {
    if (!Arrays.equals(said, column.since())) {
      throw new IllegalStateException(
          "%s was there since %s, and is said to be since %s"
              .formatted(column.name(), Arrays.toString(column.since()), Arrays.toString(said)));
    }
  }

  private void requirePresent(JsonNode plan) {
    long definition = plan.path("definition").asLong();
    if (definition != present) {
      throw new IllegalStateException(
          "definition " + definition + " runs, and should be " + present + ": " + plan);
    }
  }

  static boolean hasColumn(JsonNode plan, String name) {
    for (JsonNode each : plan.path("columns")) {
      if (each.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Since when the columns are there that came to the store where it is. */
  Map<String, long[]> since() {
    Map<String, long[]> since = new TreeMap<>();
    for (Column column : defined(present).columns()) {
      if (column.since() != null) {
        since.put(column.name(), column.since());
      }
    }
    return since;
  }

  private static JsonNode column(JsonNode plan, String name) {
    for (JsonNode each : plan.path("columns")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new IllegalStateException("the plan has no column " + name + ": " + plan);
  }

  private long @Nullable [] since(JsonNode column) {
    JsonNode offsets = column.path("since");
    if (!offsets.isObject()) {
      return null;
    }
    long[] since = new long[start.length];
    for (int p = 0; p < since.length; p++) {
      since[p] = offsets.path(Integer.toString(p)).asLong(-1);
    }
    return since;
  }

  private static boolean isWithin(long[] asked, long @Nullable [] since, long[] end) {
    for (int p = 0; p < asked.length; p++) {
      if (since == null || since[p] < asked[p] || since[p] > end[p]) {
        return false;
      }
    }
    return true;
  }

  /**
   * What was asked for last is taken back. That may come too late: then it is built, and what was
   * before is built anew behind it.
   */
  void takeBack() {
    Variant before = defined(present - 1).variant();
    put(present + 1, before);
    present--;
  }

  /** Whether the content is as it was before what was taken back. */
  boolean isBack(long definition) {
    return definition == present || definition == present + 2;
  }

  /** Where it came to be. */
  void settle(long definition) {
    present = definition;
  }

  private void put(long definition, Variant variant) {
    List<Column> columns = variant.columns(schema);
    all.put(definition, new Defined(variant, columns, null, fold(variant, columns)));
  }

  private Fold fold(Variant variant, List<Column> columns) {
    return new Fold(
        log, start, variant::passes, (row, place) -> Variant.shown(row, place, columns));
  }

  private Defined defined(long definition) {
    return Objects.requireNonNull(all.get(definition));
  }
}
