package dev.millrace.provisioner.measure;

import dev.millrace.api.ask.Measurement.TimeShares;
import java.util.Locale;

/** What keeps a pipeline from being faster. */
enum Limit {
  Store,
  Encoding,
  Reading,
  Filtering,
  Turn,
  Nothing;

  /** One that waits for events that are not there yet for so long keeps up with what comes. */
  private static final double KEEPS_UP = 0.5;

  static Limit of(TimeShares shares) {
    Limit largest = Nothing;
    for (Limit limit : values()) {
      largest = limit.share(shares) > largest.share(shares) ? limit : largest;
    }
    return shares.idle() >= KEEPS_UP ? Nothing : largest;
  }

  private double share(TimeShares shares) {
    return switch (this) {
      case Store -> shares.store();
      case Encoding -> shares.encoding();
      case Reading -> shares.reading();
      case Filtering -> shares.filtering();
      case Turn -> shares.turn();
      case Nothing -> shares.idle();
    };
  }

  String sentence(TimeShares shares) {
    return String.format(Locale.ROOT, words(), Math.round(100 * share(shares)));
  }

  private String words() {
    return switch (this) {
      case Store -> "Limited by the store: %d %% of the time the worker waits for it.";
      case Encoding ->
          "Limited by encoding: %d %% of the time the worker waits until rows are in the store's"
              + " form.";
      case Reading ->
          "Limited by reading the log: %d %% of the time the worker waits for events that are in"
              + " it.";
      case Filtering ->
          "Limited by the worker's own computing: %d %% of the time it extracts, filters and shapes"
              + " events.";
      case Turn ->
          "Limited by what else the worker's machine does: %d %% of the time it waits for a"
              + " processor, or for memory that its other subscriptions hold.";
      case Nothing -> "Nothing limits it: it keeps up, and waits for new events %d %% of the time.";
    };
  }

  static String hanging(long nanos) {
    return String.format(
        Locale.ROOT,
        "Limited by the store: it has not answered a write for %d s.",
        nanos / 1_000_000_000);
  }
}
