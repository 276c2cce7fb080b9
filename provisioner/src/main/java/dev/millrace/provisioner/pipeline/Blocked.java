package dev.millrace.provisioner.pipeline;

import java.util.OptionalInt;

/** A pipeline cannot go on for a reason of its own. */
final class Blocked extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Trouble trouble;
  private final transient OptionalInt partition;

  Blocked(Trouble trouble) {
    this(trouble, OptionalInt.empty());
  }

  /**
   * @param partition where it is; empty when it concerns all
   */
  Blocked(Trouble trouble, OptionalInt partition) {
    super(trouble.code(), null, false, false);
    this.trouble = trouble;
    this.partition = partition;
  }

  Trouble trouble() {
    return trouble;
  }

  OptionalInt partition() {
    return partition;
  }
}
