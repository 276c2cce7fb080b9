package dev.millrace.provisioner.measure;

import dev.millrace.api.ask.Measurement;
import dev.millrace.api.ask.Measurement.SharedReading;
import dev.millrace.api.ask.Measurement.TimeShares;
import dev.millrace.provisioner.core.Awaited;
import dev.millrace.stores.Effort;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where the time of one grip on a store goes. It is told when a fill or a write begins and ends and
 * what is awaited in between, a few times for each batch and never for an event, and what the time
 * is then. Not safe for use by several threads.
 *
 * <p>Taking in is always at one thing: it fills, or it waits for events, the store or its turn. So
 * the parts of its time add up, and the largest is what limits it. Writing goes on beside it, and
 * costs only what taking in waits for.
 */
public final class Account {
  /** Two of them are told of: the one that runs and the one before. */
  static final long WINDOW = 5_000_000_000L;

  /** How long what the log holds more is taken to be as it was found. */
  private static final long LOOK = 250_000_000;

  /** A write that takes longer is what limits, whatever came before. */
  private static final long HANGS = 2_000_000_000;

  private enum Doing {
    FILL,
    EVENTS,
    STORE,
    TURN
  }

  private final Predicate<Map<Integer, Long>> moreInLog;
  private final Sizes sizes = new Sizes();
  private final long openedAt;
  private long at;
  private long windowAt;
  private Window window = new Window();
  private Window before = new Window();

  private Doing doing = Doing.STORE;
  private long fillingSince;
  private boolean writing;
  private long writingSince;

  private Map<Integer, Long> positions = Map.of();
  private boolean behind;
  private long lookedAt;

  /**
   * @param moreInLog whether the log is known to hold more than up to these positions
   * @param now in nanoseconds, never less than before, as everywhere here
   */
  public Account(Predicate<Map<Integer, Long>> moreInLog, long now) {
    this.moreInLog = moreInLog;
    this.openedAt = now;
    this.at = now;
    this.windowAt = now;
    this.lookedAt = now - LOOK;
  }

  public void awaits(Awaited what, long now) {
    turnTo(
        switch (what) {
          case EVENTS -> Doing.EVENTS;
          case STORE -> Doing.STORE;
          case TURN -> Doing.TURN;
        },
        now);
  }

  public void fills(long now) {
    turnTo(Doing.FILL, now);
    fillingSince = now;
  }

  /**
   * @param took of the time since it was ordered: the rest it waited for a processor
   * @param encoding of what it took, when the batch was full
   * @param reached the positions up to which events were taken in
   */
  public void filled(long took, long encoding, Map<Integer, Long> reached, long now) {
    turnTo(Doing.STORE, now);
    window.fillOrdered += now - fillingSince;
    window.preparing += Math.min(encoding, took);
    window.filling += took - Math.min(encoding, took);
    positions = reached;
  }

  public void fillFailed(long now) {
    turnTo(Doing.STORE, now);
  }

  public void writes(long now) {
    advance(now);
    writing = true;
    writingSince = now;
  }

  /**
   * @param took of the time since it was ordered: the rest it waited for a processor
   * @param encoding of what it took
   */
  public void wrote(long took, long encoding, long events, long changes, long now) {
    advance(now);
    writing = false;
    window.writeOrdered += now - writingSince;
    window.encoding += Math.min(encoding, took);
    window.storing += took - Math.min(encoding, took);
    window.events += events;
    window.batches++;
    sizes.add(events, changes);
  }

  public void writeFailed(long now) {
    advance(now);
    writing = false;
  }

  private void turnTo(Doing next, long now) {
    advance(now);
    doing = next;
  }

  private void advance(long to) {
    long windows = (to - windowAt) / WINDOW;
    if (windows > 2) {
      // What came before the last two is told of nowhere.
      windowAt += (windows - 2) * WINDOW;
      at = windowAt;
    }
    while (to - windowAt >= WINDOW) {
      windowAt += WINDOW;
      spend(windowAt, to);
      before = window;
      window = new Window();
    }
    spend(to, to);
  }

  private void spend(long to, long now) {
    long nanos = to - at;
    if (nanos <= 0) {
      return;
    }
    at = to;
    switch (doing) {
      case FILL -> window.fill += nanos;
      case STORE -> window.store += nanos;
      case TURN -> window.turn += nanos;
      case EVENTS -> {
        if (isBehind(now)) {
          window.reading += nanos;
        } else {
          window.idle += nanos;
        }
      }
    }
    if (writing) {
      window.writing += nanos;
    }
  }

  /** Looked at when the waiting ends, and seldom: every partition is asked for. */
  private boolean isBehind(long now) {
    if (now - lookedAt >= LOOK) {
      lookedAt = now;
      behind = moreInLog.test(positions);
    }
    return behind;
  }

  public Measurement measured(
      String worker, List<SharedReading> partitions, Effort effort, long now) {
    advance(now);
    Window all = before.plus(window);
    TimeShares shares = all.shares();
    long hanging = writing && now - writingSince > HANGS ? now - writingSince : 0;
    Limit limit = hanging > 0 ? Limit.Store : Limit.of(shares);
    String sentence = hanging > 0 ? Limit.hanging(hanging) : limit.sentence(shares);
    return new Measurement(
        worker,
        (now - Math.max(openedAt, windowAt - WINDOW)) / 1e9,
        partitions,
        shares,
        share(all.writing, all.sum()),
        all.events,
        all.batches,
        sizes.events(),
        sizes.changes(),
        effort.ways(),
        limit.name(),
        all.sum() == 0 ? "It has just begun: ask again." : sentence);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : Math.min(1, (double) part / whole);
  }

  /** Nanoseconds, and counts. */
  private static final class Window {
    long fill;
    long reading;
    long idle;
    long store;
    long turn;
    long writing;

    /** Of fills and writes that have ended: from order to answer, and of that at work. */
    long fillOrdered;

    long filling;
    long preparing;
    long writeOrdered;
    long encoding;
    long storing;

    long events;
    long batches;

    Window plus(Window other) {
      Window sum = new Window();
      sum.fill = fill + other.fill;
      sum.reading = reading + other.reading;
      sum.idle = idle + other.idle;
      sum.store = store + other.store;
      sum.turn = turn + other.turn;
      sum.writing = writing + other.writing;
      sum.fillOrdered = fillOrdered + other.fillOrdered;
      sum.filling = filling + other.filling;
      sum.preparing = preparing + other.preparing;
      sum.writeOrdered = writeOrdered + other.writeOrdered;
      sum.encoding = encoding + other.encoding;
      sum.storing = storing + other.storing;
      sum.events = events + other.events;
      sum.batches = batches + other.batches;
      return sum;
    }

    long sum() {
      return fill + reading + idle + store + turn;
    }

    /** What is under way is taken to be as what has ended. */
    TimeShares shares() {
      double filled = fillOrdered == 0 ? 1 : share(filling, fillOrdered);
      double prepared = fillOrdered == 0 ? 0 : share(preparing, fillOrdered);
      double encoded = writeOrdered == 0 ? 0 : share(encoding, writeOrdered);
      double stored = writeOrdered == 0 ? 1 : share(storing, writeOrdered);
      double all = Math.max(1, sum());
      double ownTurn =
          turn
              + fill * Math.max(0, 1 - filled - prepared)
              + store * Math.max(0, 1 - encoded - stored);
      return new TimeShares(
          reading / all,
          fill * filled / all,
          (fill * prepared + store * encoded) / all,
          store * stored / all,
          ownTurn / all,
          idle / all);
    }
  }
}
