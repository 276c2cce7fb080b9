package dev.millrace.stores.credentials;

import java.util.Optional;

/** Turns the references that plans carry into logins and keys. Safe to share between threads. */
public interface CredentialSource {

  /** Empty when nothing is kept under the reference (any more). */
  Optional<Credentials> credentials(String reference);

  /** A key of 32 bytes, such as that of the Hash mask. Empty when there is none. */
  Optional<byte[]> key(String reference);
}
