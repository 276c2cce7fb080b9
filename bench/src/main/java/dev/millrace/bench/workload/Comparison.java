package dev.millrace.bench.workload;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a store holds what its query gives of a stream: every row, every column, nothing else.
 * Rows come in any order; each is computed again from the seed and its id.
 */
public final class Comparison {
  private static final int SHOWN = 5;

  private final Query query;
  private final long seed;
  private final Keys keys;
  private final long first;
  private final long end;
  private final BitSet seen = new BitSet();
  private final List<Map<String, String>> masks = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private long rows;
  private long differing;

  /**
   * @param first number of the first bid of the stream
   * @param end number behind the last
   */
  public Comparison(Query query, long seed, long first, long end) {
    this(query, seed, Keys.OWN, first, end);
  }

  /**
   * @param keys of the stream; where they come again, the last event of each counts, and each has
   *     one from the first number on
   */
  public Comparison(Query query, long seed, Keys keys, long first, long end) {
    this.query = query;
    this.seed = seed;
    this.keys = keys;
    this.first = first;
    this.end = end;
    query.columns().forEach(column -> masks.add(new HashMap<>()));
  }

  /**
   * @param values in the order of the query's columns, as {@link Column#value} writes them
   */
  public void row(List<String> values) {
    rows++;
    long id = Long.parseLong(values.get(0));
    long number = keys.last(id, end);
    if (number < first || keys.of(number) != id) {
      differs("there is a row " + id + ", and no such event");
      return;
    }
    Bid bid = Bid.of(seed, number).as(id);
    if (!query.passes().test(bid)) {
      differs("row " + id + " does not pass the filter");
    } else if (seen.get((int) (number - first))) {
      differs("row " + id + " is there twice");
    } else {
      seen.set((int) (number - first));
      compare(bid, values);
    }
  }

  private void compare(Bid bid, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      Column column = query.columns().get(i);
      String expected = column.value().apply(bid);
      boolean right =
          column.kind() == Column.Kind.MASK
              ? isMask(masks.get(i), expected, values.get(i))
              : expected.equals(values.get(i));
      if (!right) {
        differs("row " + bid.id() + ", " + column.name() + ": " + values.get(i));
      }
    }
  }

  private static boolean isMask(Map<String, String> masks, String plain, String mask) {
    String before = masks.putIfAbsent(plain, mask);
    return !mask.equals(plain) && !mask.isEmpty() && (before == null || before.equals(mask));
  }

  private void differs(String what) {
    differing++;
    if (wrong.size() < SHOWN) {
      wrong.add(what);
    }
  }

  /**
   * After the last row; empty when all was right.
   *
   * @param expected how many rows there must be, which {@link Query#passing} says
   */
  public List<String> wrong(long expected) {
    List<String> all = new ArrayList<>(wrong);
    if (differing > wrong.size()) {
      all.add(differing + " values or rows differ");
    }
    if (rows != expected) {
      all.add(rows + " rows, not " + expected);
    }
    for (int i = 0; i < masks.size(); i++) {
      Map<String, String> mask = masks.get(i);
      if (mask.size() != mask.values().stream().distinct().count()) {
        all.add("two values have one mask: " + query.columns().get(i).name());
      }
    }
    return all;
  }
}
