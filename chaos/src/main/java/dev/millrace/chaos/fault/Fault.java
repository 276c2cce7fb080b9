package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A kind that is nothing but its strike. */
record Fault(String name, boolean rewinds, Optional<Stop> stops, Strike strike) implements Kind {

  interface Strike {
    void strike(Scene scene, Random random) throws Exception;
  }

  static Kind healing(String name, Strike strike) {
    return new Fault(name, false, Optional.empty(), strike);
  }

  /** Heals, and the store may have forgotten its last moments. */
  static Kind rewinding(String name, Strike strike) {
    return new Fault(name, true, Optional.empty(), strike);
  }

  static Kind stopping(String name, String reason, Set<Need> needs, Strike strike) {
    return new Fault(name, false, Optional.of(new Stop(needs, reason, false)), strike);
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    strike.strike(scene, random);
  }
}
