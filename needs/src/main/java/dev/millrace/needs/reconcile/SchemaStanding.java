package dev.millrace.needs.reconcile;

import java.util.List;
import java.util.Optional;

/**
 * How a pipeline stands to the schema that its product has now.
 *
 * @param stops why it has to wait for a person
 * @param withheld classified fields that came to the schema and were not asked for
 * @param patience whether it may be made to stand still for its store to be altered
 * @param blocked what stands in the way of altering the store
 */
public record SchemaStanding(
    Optional<Fault> stops,
    List<String> withheld,
    Shadow.Patience patience,
    Optional<Fault> blocked) {

  public static final SchemaStanding FITS =
      new SchemaStanding(Optional.empty(), List.of(), Shadow.Patience.THERE, Optional.empty());

  public SchemaStanding {
    withheld = List.copyOf(withheld);
  }
}
