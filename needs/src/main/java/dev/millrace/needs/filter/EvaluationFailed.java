package dev.millrace.needs.filter;

/** An expression has no value for this event. The message holds field names, never values. */
public final class EvaluationFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String field;

  EvaluationFailed(String code, String field, String message) {
    super(message, null, false, false);
    this.code = code;
    this.field = field;
  }

  /** {@code FilterFailed} (the caller names it after its use) or {@code FilterTooExpensive}. */
  public String code() {
    return code;
  }

  /** The field that was missing or of another type; empty when it is not known. */
  public String field() {
    return field;
  }
}
