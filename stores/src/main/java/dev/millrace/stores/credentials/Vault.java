package dev.millrace.stores.credentials;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Where logins and keys are kept, those that a controller makes and those that were brought. Safe
 * to share between threads.
 */
public interface Vault extends CredentialSource {
  /** Kept when the call returns. */
  void put(String reference, Credentials credentials);

  /**
   * Kept when the call returns.
   *
   * @param key 32 bytes
   */
  void putKey(String reference, byte[] key);

  /** Whatever is kept under the reference; nothing there is as good. */
  void delete(String reference);

  /** 160 bits as hex: safe to write into any configuration or address without quoting. */
  static String newPassword() {
    byte[] random = new byte[20];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
