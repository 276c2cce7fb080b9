package dev.millrace.kubernetes;

/** The message is a sentence for whoever installed it. */
final class CannotStart extends Exception {
  private static final long serialVersionUID = 1L;

  CannotStart(String message) {
    super(message);
  }
}
