package dev.millrace.provisioner.verify;

import dev.millrace.api.correction.EventPlace;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.shell.Target;
import dev.millrace.stores.StoreProblem;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which corrections a store has. Those whose event is a dead letter there it has not: not yet, or
 * they did not help. Two looks that are equal tell what it had between them.
 *
 * @param corrections all that are known
 * @param open the corrected events that are dead letters
 */
record Settled(Corrections corrections, Set<EventPlace> open) {

  static Settled look(Corrections corrections, Target target) throws StoreProblem {
    return new Settled(
        corrections,
        corrections.isEmpty()
            ? Set.of()
            : target
                .driver()
                .deadLettersAt(target.site(), target.plan(), corrections.places())
                .stream()
                .map(letter ->
                    new EventPlace(letter.get("partition").asInt(), letter.get("offset").asLong()))
                .collect(Collectors.toSet()));
  }

  boolean concern(int partition, long offset) {
    return corrections.concern(partition, offset)
        && !open.contains(new EventPlace(partition, offset));
  }

  boolean isSame(Settled other) {
    return open.equals(other.open) && other.corrections.since(corrections).isEmpty();
  }
}
