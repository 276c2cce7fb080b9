package dev.millrace.chaos.store;

/** The store has no cursor for some partition. */
public final class CursorMissing extends Exception {
  private static final long serialVersionUID = 1L;

  CursorMissing(String message) {
    super(message);
  }
}
