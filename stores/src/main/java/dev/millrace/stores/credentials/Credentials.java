package dev.millrace.stores.credentials;

/** A login. Prints without the password. */
public record Credentials(String username, String password) {
  @Override
  public String toString() {
    return "Credentials[" + username + "]";
  }
}
