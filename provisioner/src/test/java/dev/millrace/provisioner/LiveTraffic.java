package dev.millrace.provisioner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Publishes at a steady rate and sees when the stores have each event: when all healthy members
 * that keep it have its row, and when all healthy members stand behind it, whether they keep it or
 * not. Looking takes a moment, so times are too long by up to one look.
 */
final class LiveTraffic {
  private static final long LOOK_NANOS = 20_000_000;
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  private final Crowd crowd;
  private final MovingRows rows;
  private final Queue<MovingRows.Sent> sent = new ConcurrentLinkedQueue<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<Long> kept = new ArrayList<>();
  private final List<Long> passed = new ArrayList<>();
  private long looks;
  private long took;

  private static final class Waiting {
    final MovingRows.Sent event;
    final List<Crowd.Member> keepers;
    boolean kept;

    Waiting(MovingRows.Sent event, List<Crowd.Member> keepers) {
      this.event = event;
      this.keepers = keepers;
    }
  }

  LiveTraffic(Crowd crowd, MovingRows rows) {
    this.crowd = crowd;
    this.rows = rows;
  }

  /**
   * @return seconds until all had all
   */
  double run(int events, int perSecond) throws Exception {
    long began = System.nanoTime();
    Thread publishing = Thread.ofPlatform().start(() -> publish(events, perSecond));
    long last = began;
    while (passed.size() < events) {
      long look = System.nanoTime();
      long[][] at = crowd.look();
      long now = System.nanoTime();
      int before = passed.size();
      see(at, now);
      last = passed.size() > before ? now : last;
      if (now - last > PATIENCE_NANOS) {
        throw new IllegalStateException(waiting.size() + " events did not arrive");
      }
      looks++;
      LockSupport.parkNanos(LOOK_NANOS - (now - look));
    }
    publishing.join();
    took = System.nanoTime() - began;
    return took / 1e9;
  }

  private void publish(int events, int perSecond) {
    long began = System.nanoTime();
    for (int i = 0; i < events; i++) {
      long due = began + i * 1_000_000_000L / perSecond;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      sent.add(rows.publish());
    }
    rows.flush();
  }

  private void see(long[][] at, long now) {
    for (MovingRows.Sent event = sent.poll(); event != null; event = sent.poll()) {
      waiting.add(new Waiting(event, keepers(event)));
    }
    long[] last = last(at);
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting one = each.next();
      int partition = one.event.partition();
      long offset = one.event.offset();
      if (!one.kept
          && one.keepers.stream().allMatch(member -> at[member.number()][partition] > offset)) {
        one.kept = true;
        kept.add(now - one.event.at());
      }
      if (last[partition] > offset) {
        passed.add(now - one.event.at());
        each.remove();
      }
    }
  }

  private List<Crowd.Member> keepers(MovingRows.Sent event) {
    Predicate<Crowd.Member> keeps =
        event.total().isPresent()
            ? member -> member.keeps(event.total().getAsInt())
            : Crowd.Member::keepsAll;
    return crowd.healthy.stream().filter(keeps).toList();
  }

  private long[] last(long[][] at) {
    long[] last = new long[at[0].length];
    Arrays.fill(last, Long.MAX_VALUE);
    for (Crowd.Member member : crowd.healthy) {
      Arrays.setAll(last, partition -> Math.min(last[partition], at[member.number()][partition]));
    }
    return last;
  }

  /** Milliseconds, rows first: half of the events took no longer, 99 % took no longer. */
  List<Long> times() {
    return List.of(at(kept, 0.5), at(kept, 0.99), at(passed, 0.5), at(passed, 0.99));
  }

  long millisBetweenLooks() {
    return took / looks / 1_000_000;
  }

  private static long at(List<Long> nanos, double share) {
    return nanos.stream().sorted().skip((long) (nanos.size() * share)).findFirst().orElseThrow()
        / 1_000_000;
  }
}
