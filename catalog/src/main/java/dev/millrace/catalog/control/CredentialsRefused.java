package dev.millrace.catalog.control;

/** A reader's login cannot be shown or changed now. */
public final class CredentialsRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String remedy;
  private final boolean passing;

  /**
   * @param code stable CamelCase word; has its page in docs/conditions
   * @param passing worth trying again later: answered with 503 and not with 409
   */
  public CredentialsRefused(String code, String message, String remedy, boolean passing) {
    super(message);
    this.code = code;
    this.remedy = remedy;
    this.passing = passing;
  }

  public String code() {
    return code;
  }

  public String remedy() {
    return remedy;
  }

  public boolean passing() {
    return passing;
  }
}
