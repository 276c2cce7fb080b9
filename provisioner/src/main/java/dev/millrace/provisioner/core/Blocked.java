package dev.millrace.provisioner.core;

import java.util.OptionalInt;

/** A pipeline cannot go on for a reason of its own. */
public final class Blocked extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Trouble trouble;
  private final transient OptionalInt partition;

  public Blocked(Trouble trouble) {
    this(trouble, OptionalInt.empty());
  }

  /**
   * @param partition where it is; empty when it concerns all
   */
  public Blocked(Trouble trouble, OptionalInt partition) {
    super(trouble.code(), null, false, false);
    this.trouble = trouble;
    this.partition = partition;
  }

  public Trouble trouble() {
    return trouble;
  }

  public OptionalInt partition() {
    return partition;
  }
}
