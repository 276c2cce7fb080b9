package dev.millrace.provisioner.measure;

import dev.millrace.api.ask.Measurement;
import dev.millrace.provisioner.core.Awaited;
import dev.millrace.stores.Effort;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What measuring costs a batch: everything the shell and a sink do for it. Prints nanoseconds. */
public final class AccountCost {
  private static final int ROUNDS = 6;
  private static final int BATCHES = 5_000_000;

  private AccountCost() {}

  public static void main(String[] arguments) {
    int partitions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4;
    Map<Integer, Long> positions = new TreeMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      positions.put(partition, 1L);
    }
    for (int round = 0; round < ROUNDS; round++) {
      Account account =
          new Account(
              reached -> reached.values().stream().anyMatch(at -> at > 1), System.nanoTime());
      Effort effort = new Effort();
      long began = System.nanoTime();
      for (int i = 0; i < BATCHES; i++) {
        batch(account, effort, positions);
      }
      long took = System.nanoTime() - began;
      Measurement measured = account.measured("w", List.of(), effort, System.nanoTime());
      System.out.printf(
          "%d ns for a batch of %d partitions (%s)%n",
          took / BATCHES, partitions, measured.sentence());
    }
  }

  /** As of a pipeline that is live: a fill, a write that goes at once, and waiting for more. */
  private static void batch(Account account, Effort effort, Map<Integer, Long> positions) {
    account.fills(System.nanoTime());
    long filling = System.nanoTime();
    long filled = System.nanoTime();
    account.filled(filled - filling, 0, positions, filled);
    account.writes(filled);
    account.awaits(Awaited.EVENTS, filled);
    long writing = System.nanoTime();
    long before = effort.encodingNanos();
    effort.encoded(System.nanoTime());
    effort.encoded(System.nanoTime());
    effort.wrote("Statement");
    long written = System.nanoTime();
    account.wrote(written - writing, effort.encodingNanos() - before, 1, 1, written);
  }
}
