package dev.millrace.provisioner.correction;

import dev.millrace.needs.transform.Outcome;

/** What becomes of an event. */
public sealed interface Effect {

  /** By itself, or as it was corrected. */
  record Of(Outcome outcome) implements Effect {}

  /** Somebody wants it left out. */
  record Discarded() implements Effect {}
}
