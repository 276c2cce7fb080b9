package dev.millrace.stores;

/**
 * A store does not do what is wanted of it, for a reason a person can act on.
 *
 * <p>Codes: {@code StoreUnavailable} (transient), {@code CredentialsRejected}, {@code
 * PermissionMissing}, {@code StoreLost} (a cursor or what Millrace made is missing), {@code
 * SourceRecreated}, {@code TableTaken}, {@code TableLocked} (transient), {@code KeyPrefixTaken},
 * {@code ReaderTaken}, {@code ReaderMissing} (one that was brought), {@code StoreReadOnly}, {@code
 * StoreFull}, {@code StoreUnsuitable} (wrong version or setting, or made by someone else), {@code
 * SchemaRejected} (the target's own constraint, trigger or shape), {@code Fenced} (the store is at
 * a newer definition; transient), {@code RebuildBehind} (transient), {@code RebuildBlocked}
 * (something depends on what is to be replaced), {@code RebuildTooLarge}, {@code AlterBehind}
 * (transient), {@code AlterBlocked} (something keeps a column from being added or widened), {@code
 * DefinitionBehind} (the store is at an older definition).
 */
public final class StoreProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String remedy;
  private final boolean passing;

  /**
   * @param message what is wrong and where, without secrets or event contents
   * @param passing it may heal by itself: worth trying again
   */
  public StoreProblem(
      String code, String message, String remedy, boolean passing, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.remedy = remedy;
    this.passing = passing;
  }

  public StoreProblem(String code, String message, String remedy, boolean passing) {
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
