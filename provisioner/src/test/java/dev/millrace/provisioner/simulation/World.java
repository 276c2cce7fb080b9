package dev.millrace.provisioner.simulation;

import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/** Time, chance, and what happens when. */
final class World {
  static final long MILLIS = 1_000_000;
  static final long SECONDS = 1_000 * MILLIS;

  private record Due(long at, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
    }
  }

  final Random random;
  private final boolean talkative;
  private final PriorityQueue<Due> agenda = new PriorityQueue<>();
  private long order;
  private long now;
  private long traced = 1;

  World(long seed, boolean talkative) {
    this.random = new Random(seed);
    this.talkative = talkative;
  }

  long now() {
    return now;
  }

  /** The same, as clocks on walls show it. */
  long millis() {
    return now / MILLIS;
  }

  void after(long nanos, Runnable what) {
    agenda.add(new Due(now + nanos, order++, what));
  }

  /** Lets everything happen that is due until then. */
  void run(long until) {
    while (!agenda.isEmpty() && agenda.peek().at() <= until) {
      Due next = agenda.poll();
      now = next.at();
      next.what().run();
    }
    now = until;
  }

  boolean chance(double share) {
    return random.nextDouble() < share;
  }

  /** From 0 to below this many. */
  int any(int below) {
    return random.nextInt(below);
  }

  static long any(World world, long below) {
    return (long) (world.random.nextDouble() * below);
  }

  /** Mostly short, rarely long. */
  long latency() {
    return chance(0.05) ? (50 + any(400)) * MILLIS : MILLIS / 10 + any(8) * MILLIS;
  }

  /** What two runs of one seed must have in common. */
  void trace(Supplier<String> what) {
    String line = what.get();
    traced = traced * 0x9E3779B97F4A7C15L + line.hashCode();
    if (talkative) {
      System.out.printf("%10.3f %s%n", now / 1e6, line);
    }
  }

  long fingerprint() {
    return traced ^ now ^ order;
  }
}
