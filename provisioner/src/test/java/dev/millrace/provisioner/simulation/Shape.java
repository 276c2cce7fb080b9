package dev.millrace.provisioner.simulation;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.Selection;
import dev.millrace.needs.transform.SharedEvents;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.needs.transform.Transform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a definition leaves in a store, over the simulator's little events.
 *
 * @param threshold events of a lower value are filtered
 * @param form how the first column is written; another for another select or mask
 * @param added the columns that came with the product's schema: for each the first offset of each
 *     partition that has it, or none for all
 */
record Shape(boolean append, int threshold, int form, List<Map<Integer, Long>> added) {
  static final int MOST_ADDED = 3;

  private static final String VALUE = "value >= ";
  private static final String FORM = "form";
  private static final String ADDED = "added";
  private static final int FORMS = 3;

  /** So that no form's values are another's, and each column is seen in them. */
  private static final long APART = 1_000_000;

  private static final long COLUMN = 100_000_000;

  Shape {
    added = List.copyOf(added);
  }

  static Shape of(PipelinePlan plan) {
    String filter = plan.filter();
    List<Map<Integer, Long>> added = new ArrayList<>();
    int form = 0;
    for (PipelinePlan.Column column : plan.columns()) {
      Map<Integer, Long> since = column.since();
      if (column.name().startsWith(FORM)) {
        form = Integer.parseInt(column.name().substring(FORM.length()));
      } else {
        added.add(since == null ? Map.of() : Map.copyOf(since));
      }
    }
    return new Shape(
        plan.mode().equals("Append"),
        filter == null ? 0 : Integer.parseInt(filter.substring(VALUE.length())),
        form,
        added);
  }

  /** As it is when it is built anew. */
  Shape always() {
    return new Shape(append, threshold, form, added.stream().map(since -> none()).toList());
  }

  private static Map<Integer, Long> none() {
    return Map.of();
  }

  /** Other content for the same events. */
  Shape another(World world) {
    Shape another =
        new Shape(
            world.chance(0.2) != append,
            world.chance(0.6) ? 1 + world.any(99) : 0,
            world.any(FORMS),
            world.chance(0.2) ? List.of() : added);
    return another.equals(this) ? new Shape(append, threshold, (form + 1) % FORMS, added) : another;
  }

  /** With one more column. */
  Shape grown() {
    List<Map<Integer, Long>> more = new ArrayList<>(added);
    more.add(none());
    return new Shape(append, threshold, form, more);
  }

  /** Whether the store of this one can take on the other where it is. */
  boolean growsTo(Shape other) {
    return other.append == append
        && other.threshold == threshold
        && other.form == form
        && other.added.size() > added.size();
  }

  String mode() {
    return append ? "Append" : "Upsert";
  }

  @Nullable String filter() {
    return threshold > 0 ? VALUE + threshold : null;
  }

  /** As if all had always been there. */
  List<PipelinePlan.Column> columns() {
    List<PipelinePlan.Column> columns = new ArrayList<>();
    columns.add(column(FORM + form));
    for (int i = 0; i < added.size(); i++) {
      columns.add(column(ADDED + i));
    }
    return columns;
  }

  private static PipelinePlan.Column column(String name) {
    return new PipelinePlan.Column(name, name, null, "int64", false, "None");
  }

  /** What stands in the columns for an event, in one number. */
  long written(int partition, long offset, long id) {
    long written = id + form * APART;
    for (int i = 0; i < added.size(); i++) {
      if (offset >= added.get(i).getOrDefault(partition, 0L)) {
        written += COLUMN << i;
      }
    }
    return written;
  }

  Transform transform() {
    return new Shaping();
  }

  private final class Shaping implements Transform {
    @Override
    public Outcome apply(
        int partition, long offset, byte @Nullable [] key, @Nullable RawEvent event) {
      StoreKey storeKey = storeKey(key);
      if (event == null) {
        return append ? new Outcome.Add(new Object[] {null}, true) : new Outcome.Delete(storeKey);
      }
      String[] parts = parts(event);
      if (parts.length != 2) {
        return new Outcome.Dead("NotJson", "", "broken", "");
      }
      if (Integer.parseInt(parts[0]) < threshold) {
        return append ? new Outcome.Pass() : new Outcome.Leave(storeKey);
      }
      Object[] row = {written(partition, offset, Long.parseLong(parts[1]))};
      return append ? new Outcome.Add(row, false) : new Outcome.Put(storeKey, row);
    }

    /** As with an index; now and then one is a candidate that need not be. */
    @Override
    public Selection among(SharedEvents events) {
      if (threshold == 0) {
        return Selection.ALL;
      }
      BitSet asked = new BitSet(events.size());
      long[] keys = new long[events.size()];
      for (int i = 0; i < keys.length; i++) {
        RawEvent event = events.get(i);
        keys[i] = storeKey(events.key(i)).digest();
        String[] parts = event == null ? new String[0] : parts(event);
        boolean leaves = parts.length == 2 && Integer.parseInt(parts[0]) < threshold;
        asked.set(i, !leaves || keys[i] % 9 == 0);
      }
      return append ? Selection.passing(asked) : Selection.leaving(asked, keys);
    }

    private StoreKey storeKey(byte @Nullable [] key) {
      return new StoreKey(Long.parseLong(new String(key, StandardCharsets.UTF_8)));
    }

    private String[] parts(RawEvent event) {
      return new String(event.bytes(), StandardCharsets.UTF_8).split(" ");
    }
  }
}
