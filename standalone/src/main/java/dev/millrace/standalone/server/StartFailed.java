package dev.millrace.standalone.server;

/** The platform cannot start. The message is what the person at the terminal reads: one remedy. */
public final class StartFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartFailed(String message) {
    super(message);
  }
}
