package dev.millrace.chaos.mutants;

/** What became of one bug. */
record Finding(Mutant mutant, Verdict verdict, double seconds) {
  boolean isFound() {
    return verdict instanceof Verdict.Found;
  }
}
