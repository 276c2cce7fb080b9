package dev.millrace.needs.event;

/**
 * A record's bytes are no event. Immutable (no stack, nothing suppressed), so that it can be kept
 * with the record and thrown again.
 */
public final class EventFailed extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  EventFailed(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
