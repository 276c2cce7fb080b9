package dev.millrace.stores.credentials;

/** What a vault keeps cannot be read or written; the message says which file and what to do. */
public final class VaultDamaged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  VaultDamaged(String message, Throwable cause) {
    super(message, cause);
  }

  VaultDamaged(String message) {
    super(message);
  }
}
