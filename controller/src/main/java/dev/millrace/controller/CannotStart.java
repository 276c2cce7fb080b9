package dev.millrace.controller;

/** What runs in a container cannot begin; the message is a sentence for whoever installed it. */
public final class CannotStart extends Exception {
  private static final long serialVersionUID = 1L;

  public CannotStart(String message) {
    super(message);
  }
}
