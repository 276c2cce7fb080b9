package dev.millrace.provisioner.verify;

/** What is said of a key. */
enum Judgement {
  EQUAL,
  MISSING,
  ADDITIONAL,
  CHANGED,
  UNDECIDED
}
