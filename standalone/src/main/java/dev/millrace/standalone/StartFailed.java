package dev.millrace.standalone;

/** The platform cannot start. The message is what the person at the terminal reads: one remedy. */
final class StartFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartFailed(String message) {
    super(message);
  }
}
