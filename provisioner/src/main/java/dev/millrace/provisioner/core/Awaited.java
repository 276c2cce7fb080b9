package dev.millrace.provisioner.core;

/** What a pipeline that takes nothing in waits for. */
public enum Awaited {
  /** All that was read has been taken in. */
  EVENTS,
  /** A batch has to be written first. */
  STORE,
  /** Others compute, or hold the memory. */
  TURN
}
