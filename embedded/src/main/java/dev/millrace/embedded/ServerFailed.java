package dev.millrace.embedded;

/** A server did not start. The message is one sentence for a person, with the remedy. */
public final class ServerFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ServerFailed(String message) {
    super(message);
  }

  public ServerFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
