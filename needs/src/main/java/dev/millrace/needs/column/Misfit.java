package dev.millrace.needs.column;

/** A value that does not go into its column. Carries no value: messages may be shown to anyone. */
public final class Misfit extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code WrongType, OutOfRange or ForbiddenCharacter
   */
  public Misfit(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
