package dev.millrace.stores;

/** A batch in the form in which a {@link Sink} writes it, and only the sink that made it. */
public interface Prepared {

  /** What it took to make, in nanoseconds. */
  long nanos();
}
