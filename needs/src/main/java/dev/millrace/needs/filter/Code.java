package dev.millrace.needs.filter;

import dev.millrace.needs.event.IndexedEvent;
import java.time.Instant;
import java.util.List;

/**
 * A part of an expression, compiled: a small function of one type. What it returns is what the
 * reference evaluator returns; of that it may be in doubt at any time, and throw {@link Undecided}.
 */
sealed interface Code {

  /** As the reference evaluator represents it. */
  Object value(IndexedEvent event) throws Undecided;

  @FunctionalInterface
  non-sealed interface Bool extends Code {
    boolean of(IndexedEvent event) throws Undecided;

    @Override
    default Object value(IndexedEvent event) throws Undecided {
      return of(event);
    }
  }

  @FunctionalInterface
  non-sealed interface Int extends Code {
    long of(IndexedEvent event) throws Undecided;

    @Override
    default Object value(IndexedEvent event) throws Undecided {
      return of(event);
    }
  }

  @FunctionalInterface
  non-sealed interface Double extends Code {
    double of(IndexedEvent event) throws Undecided;

    @Override
    default Object value(IndexedEvent event) throws Undecided {
      return of(event);
    }
  }

  @FunctionalInterface
  non-sealed interface Text extends Code {
    String of(IndexedEvent event) throws Undecided;

    @Override
    default Object value(IndexedEvent event) throws Undecided {
      return of(event);
    }
  }

  @FunctionalInterface
  non-sealed interface Time extends Code {
    Instant of(IndexedEvent event) throws Undecided;

    @Override
    default Object value(IndexedEvent event) throws Undecided {
      return of(event);
    }
  }

  @FunctionalInterface
  non-sealed interface Items extends Code {
    List<?> of(IndexedEvent event) throws Undecided;

    @Override
    default Object value(IndexedEvent event) throws Undecided {
      return of(event);
    }
  }

  /** A scalar whose type only the event tells: Boolean, Long, Double or String. */
  @FunctionalInterface
  non-sealed interface Any extends Code {
    Object of(IndexedEvent event) throws Undecided;

    @Override
    default Object value(IndexedEvent event) throws Undecided {
      return of(event);
    }
  }
}
