package dev.millrace.controller;

import dev.millrace.needs.reconcile.Fault;
import org.jspecify.annotations.Nullable;

/** The central event store does not do what is wanted of it. */
final class SourceFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  SourceFault(Fault fault, @Nullable Throwable cause) {
    super(fault.message(), cause);
    this.fault = fault;
  }

  static SourceFault unavailable(String doing) {
    return new SourceFault(fault("Kafka did not answer while " + doing), null);
  }

  static SourceFault unavailable(String doing, Throwable cause) {
    return new SourceFault(
        fault("Kafka did not answer while " + doing + " (" + rootName(cause) + ")"), cause);
  }

  private static Fault fault(String message) {
    return new Fault(
        "SourceUnavailable",
        message,
        "Look whether the broker runs and is reachable; it is tried again by itself.",
        true);
  }

  Fault fault() {
    return fault;
  }

  private static String rootName(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }
}
