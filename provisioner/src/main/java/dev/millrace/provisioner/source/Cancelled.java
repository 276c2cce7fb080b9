package dev.millrace.provisioner.source;

/** Nobody waits for the result any more. */
public final class Cancelled extends Exception {
  private static final long serialVersionUID = 1L;

  Cancelled() {
    super(null, null, false, false);
  }
}
