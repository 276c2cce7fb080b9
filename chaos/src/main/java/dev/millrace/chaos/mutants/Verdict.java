package dev.millrace.chaos.mutants;

/** What became of a search. */
sealed interface Verdict {

  /**
   * @param by who found it, and what was seen
   */
  record Found(String by) implements Verdict {
    @Override
    public String toString() {
      return by;
    }
  }

  /** Nobody noticed. */
  record Unnoticed() implements Verdict {
    @Override
    public String toString() {
      return "NOT FOUND";
    }
  }

  /** The search itself failed, which says nothing about the bug. */
  record Failed(String why) implements Verdict {
    @Override
    public String toString() {
      return "FAILED: " + why;
    }
  }
}
