package dev.millrace.stores;

import dev.millrace.stores.credentials.Credentials;

/** Who may read what a subscription keeps. */
public sealed interface Reader {
  /** At the end of a second login's name. */
  String SECOND = "_b";

  /** A login that is made for this subscription alone and goes with it. */
  record Made(Credentials login) implements Reader {}

  /**
   * A login that the store's owner brought. It is given the right to read, where the engine lets
   * the writer give it; its password is never known and never changed.
   */
  record Brought(String username) implements Reader {}

  /**
   * The name of a reader's second login, and of the first for the second: where passwords are
   * changed without anybody being locked out, the two take turns.
   */
  static String other(String username) {
    return username.endsWith(SECOND)
        ? username.substring(0, username.length() - SECOND.length())
        : username + SECOND;
  }

  /** Nobody: a shadow is read by nobody before it has taken the place of what it was made for. */
  record None() implements Reader {}
}
