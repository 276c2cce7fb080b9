package dev.millrace.catalog.event;

import org.jspecify.annotations.Nullable;

/** The event store did not answer in time. */
final class SourceUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  SourceUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
