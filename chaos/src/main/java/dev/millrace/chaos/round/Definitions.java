package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Fold;
import dev.millrace.chaos.load.Log;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one subscription asked for, definition by definition, each with the fold that says what it
 * holds then. The platform counts them from 1, and takes the number of one that was given up again.
 */
final class Definitions {
  private final Log log;
  private final long[] start;
  private final TreeMap<Long, Defined> all = new TreeMap<>();
  private long present;

  private record Defined(Variant variant, Fold fold) {}

  Definitions(Log log, long[] start, Variant first) {
    this.log = log;
    this.start = start.clone();
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

  /** Whether its table or hashes have other columns than those of the one before. */
  boolean isReshaped(long definition) {
    Defined is = all.get(definition);
    Defined was = all.get(definition - 1);
    return is != null && was != null && is.variant().again() != was.variant().again();
  }

  /** What is asked for from now on. */
  void become(Variant next) {
    present++;
    all.tailMap(present).clear();
    put(present, next);
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
    all.put(
        definition, new Defined(variant, new Fold(log, start, variant::passes, variant::shown)));
  }

  private Defined defined(long definition) {
    return Objects.requireNonNull(all.get(definition));
  }
}
