package dev.millrace.stores;

/**
 * The cursor is not where this holder left it: someone else took over, or the store was rewound.
 */
public final class Fenced extends Exception {
  private static final long serialVersionUID = 1L;

  public Fenced(String message) {
    super(message);
  }
}
