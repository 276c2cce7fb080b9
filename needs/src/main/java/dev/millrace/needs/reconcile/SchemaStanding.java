package dev.millrace.needs.reconcile;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.plan.Change;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a pipeline stands to the schema that its product has now.
 *
 * @param stops why it has to wait for a person
 * @param rebuilt what the schema changed, for which the content is built anew
 * @param withheld classified fields that came to the schema and were not asked for
 * @param patience whether it may be made to stand still for its store to be altered
 * @param blocked what stands in the way of altering the store
 */
public record SchemaStanding(
    Optional<Fault> stops,
    List<String> rebuilt,
    List<String> withheld,
    Shadow.Patience patience,
    Optional<Fault> blocked) {

  public static final SchemaStanding FITS =
      new SchemaStanding(
          Optional.empty(), List.of(), List.of(), Shadow.Patience.THERE, Optional.empty());

  public SchemaStanding {
    rebuilt = List.copyOf(rebuilt);
    withheld = List.copyOf(withheld);
  }

  /**
   * @param policy the subscription's onSchemaChange
   */
  public static SchemaStanding of(Change change, ObjectKey product, String policy) {
    return new SchemaStanding(
        change.way() == Change.Way.STOP
            ? Optional.of(changed(change, product, policy))
            : Optional.empty(),
        change.way() == Change.Way.REBUILD ? change.bySchema() : List.of(),
        change.withheld(),
        Shadow.Patience.THERE,
        Optional.empty());
  }

  private static Fault changed(Change change, ObjectKey product, String policy) {
    return new Fault(
        "SchemaChanged",
        "The schema of " + product + " changed: " + String.join("; ", change.bySchema()),
        "It stands where it was, by onSchemaChange: "
            + policy
            + ", and nothing is lost. Ask for a rebuild, or set onSchemaChange to "
            + (policy.equals("Stop") ? "Additive or Rebuild" : "Rebuild")
            + ", to go on with the new schema; or change select, or have the schema put back.",
        false);
  }

  /**
   * @param misfits what the schema has against the subscription
   */
  public static SchemaStanding unfit(ObjectKey product, List<Finding> misfits) {
    Fault fault =
        new Fault(
            "SchemaUnfit",
            "The subscription does not go with the schema that "
                + product
                + " has now: "
                + misfits.stream()
                    .map(finding -> finding.pointer() + ": " + finding.message())
                    .collect(Collectors.joining("; ")),
            "It stands where it was, and nothing is lost. Change the subscription, or have the"
                + " schema put back.",
            false);
    return new SchemaStanding(
        Optional.of(fault), List.of(), List.of(), Shadow.Patience.THERE, Optional.empty());
  }

  /** While its store is altered. */
  public SchemaStanding altering(Shadow.Patience now, Optional<Fault> inTheWay) {
    return new SchemaStanding(stops, rebuilt, withheld, now, inTheWay);
  }
}
