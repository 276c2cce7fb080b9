package dev.millrace.needs.filter;

/**
 * Compiled code has no value for this event, or none that it vouches for: the reference evaluator
 * must be asked. One instance without a stack, for it is thrown where events lack fields.
 */
final class Undecided extends Exception {
  private static final long serialVersionUID = 1L;
  static final Undecided HERE = new Undecided();

  private Undecided() {
    super(null, null, false, false);
  }
}
