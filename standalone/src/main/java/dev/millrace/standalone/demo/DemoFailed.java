package dev.millrace.standalone.demo;

import org.jspecify.annotations.Nullable;

/** The demo cannot go on. The message is for the person at the terminal. */
final class DemoFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DemoFailed(String message) {
    this(message, null);
  }

  DemoFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
