package dev.millrace.chaos.platform;

/** A fault did not happen: a round that saw none proves nothing, so it is run again. */
public final class FaultMissed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FaultMissed(String message) {
    super(message);
  }
}
