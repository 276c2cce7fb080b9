package dev.millrace.provisioner.simulation;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.needs.transform.Transform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a definition leaves in a store, over the simulator's little events.
 *
 * @param threshold events of a lower value are filtered
 * @param form how the one column is written; another for another select or mask
 */
record Shape(boolean append, int threshold, int form) {
  private static final String VALUE = "value >= ";
  private static final String FORM = "form";
  private static final int FORMS = 3;

  /** So that no form's values are another's. */
  private static final long APART = 1_000_000;

  static Shape of(PipelinePlan plan) {
    String filter = plan.filter();
    return new Shape(
        plan.mode().equals("Append"),
        filter == null ? 0 : Integer.parseInt(filter.substring(VALUE.length())),
        Integer.parseInt(plan.columns().get(0).name().substring(FORM.length())));
  }

  /** Other content for the same events. */
  Shape another(World world) {
    Shape another =
        new Shape(
            world.chance(0.2) != append,
            world.chance(0.6) ? 1 + world.any(99) : 0,
            world.any(FORMS));
    return another.equals(this) ? new Shape(append, threshold, (form + 1) % FORMS) : another;
  }

  String mode() {
    return append ? "Append" : "Upsert";
  }

  @Nullable String filter() {
    return threshold > 0 ? VALUE + threshold : null;
  }

  List<PipelinePlan.Column> columns() {
    return List.of(new PipelinePlan.Column(FORM + form, "id", null, "int64", false, "None"));
  }

  /** What stands in the column for an event. */
  long written(long id) {
    return id + form * APART;
  }

  Transform transform() {
    return (partition, offset, key, event) -> {
      StoreKey storeKey = new StoreKey(Long.parseLong(new String(key, StandardCharsets.UTF_8)));
      if (event == null) {
        return append ? new Outcome.Add(new Object[] {null}, true) : new Outcome.Delete(storeKey);
      }
      String[] parts = new String(event.bytes(), StandardCharsets.UTF_8).split(" ");
      if (parts.length != 2) {
        return new Outcome.Dead("NotJson", "", "broken", "");
      }
      if (Integer.parseInt(parts[0]) < threshold) {
        return append ? new Outcome.Pass() : new Outcome.Leave(storeKey);
      }
      Object[] row = {written(Long.parseLong(parts[1]))};
      return append ? new Outcome.Add(row, false) : new Outcome.Put(storeKey, row);
    };
  }
}
