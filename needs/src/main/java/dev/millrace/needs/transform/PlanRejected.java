package dev.millrace.needs.transform;

/** A plan that this worker cannot run: it requires more than is known here, or does not compile. */
public final class PlanRejected extends Exception {
  private static final long serialVersionUID = 1L;

  PlanRejected(String message) {
    super(message);
  }

  PlanRejected(String message, Throwable cause) {
    super(message, cause);
  }
}
