package dev.millrace.needs.filter;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What has to be so of an event if a filter is true of it, or fails on it. It may be so of others
 * as well: what comes of an event, the filter alone says.
 */
sealed interface Condition {

  /**
   * Of which events it may be so.
   *
   * @return null when nothing is known, and it may be so of all; otherwise the caller's own
   */
  @Nullable BitSet candidates(TermIndexes indexes);

  /** The term's number is one of these; or it has none, for then there is an error. */
  record Among(Term term, Ranges numbers) implements Condition {
    @Override
    public @Nullable BitSet candidates(TermIndexes indexes) {
      TermIndex index = indexes.of(term);
      // To look one up costs about half of an evaluation.
      return index == null || numbers.all().size() > indexes.size() / 2
          ? null
          : index.among(numbers);
    }
  }

  /** What is not known of one does not matter. */
  record Every(List<Condition> conditions) implements Condition {
    /** To look further costs as much as so many evaluations. */
    private static final int FEW = 4;

    @Override
    public @Nullable BitSet candidates(TermIndexes indexes) {
      BitSet candidates = null;
      for (Condition condition : conditions) {
        BitSet some = condition.candidates(indexes);
        if (candidates != null && some != null) {
          candidates.and(some);
        } else if (some != null) {
          candidates = some;
        }
        if (candidates != null && candidates.cardinality() <= FEW) {
          break;
        }
      }
      return candidates;
    }
  }

  /** What is not known of one is not known at all; but each is asked for. */
  record Either(List<Condition> conditions) implements Condition {
    @Override
    public @Nullable BitSet candidates(TermIndexes indexes) {
      BitSet candidates = new BitSet();
      boolean known = true;
      for (Condition condition : conditions) {
        BitSet some = condition.candidates(indexes);
        known &= some != null;
        if (known) {
          candidates.or(some);
        }
      }
      return known ? candidates : null;
    }
  }

  static Condition every(Condition one, Condition other) {
    List<Condition> all = new ArrayList<>();
    all.addAll(one instanceof Every every ? every.conditions : List.of(one));
    all.addAll(other instanceof Every every ? every.conditions : List.of(other));
    List<Condition> merged = merged(all, Ranges::and);
    return merged.size() == 1 ? merged.get(0) : new Every(merged);
  }

  static Condition either(Condition one, Condition other) {
    List<Condition> all = new ArrayList<>();
    all.addAll(one instanceof Either either ? either.conditions : List.of(one));
    all.addAll(other instanceof Either either ? either.conditions : List.of(other));
    List<Condition> merged = merged(all, Ranges::or);
    return merged.size() == 1 ? merged.get(0) : new Either(merged);
  }

  /** So that a term between two bounds is looked up once, and gives the few between them. */
  private static List<Condition> merged(List<Condition> all, BinaryOperator<Ranges> how) {
    Map<Term, Ranges> terms = new LinkedHashMap<>();
    List<Condition> others = new ArrayList<>();
    for (Condition each : all) {
      if (each instanceof Among among) {
        terms.merge(among.term, among.numbers, how);
      } else {
        others.add(each);
      }
    }
    List<Condition> merged = new ArrayList<>();
    terms.forEach((term, numbers) -> merged.add(new Among(term, numbers)));
    merged.addAll(others);
    return merged;
  }
}
