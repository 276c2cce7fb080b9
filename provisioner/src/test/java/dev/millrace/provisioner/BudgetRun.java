package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * 64 partitions, events of 5 MB among small ones, twenty subscriptions of which one's store stalls
 * in the middle of its load, and a worker with a small heap: issue 4, criterion 8. Every five
 * seconds the worker is made to collect all garbage, so that what is left is what it holds. Exits
 * with 1 when the worker ran out of memory or content differs.
 *
 * <pre>
 * ./mvnw -q -pl provisioner -am test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/cp
 * cd provisioner && mkdir /tmp/run
 * java -Xmx6g -Djava.io.tmpdir=/tmp/run -cp target/test-classes:target/classes:$(cat /tmp/cp) \
 *   dev.millrace.provisioner.BudgetRun [SMALL_EVENTS LARGE_EVENTS SUBSCRIPTIONS HEAP_MEGABYTES]
 * </pre>
 *
 * Without arguments {@code 200000 400 20 512}; {@code 20000 40 6 512} is done in a minute. The
 * worker's output and its collector's log are in {@code target}, the servers' data (some GB) in
 * {@code /tmp/run}.
 */
final class BudgetRun {
  private static final int PARTITIONS = 64;
  private static final int LARGE = 5 << 20;
  private static final int ROUNDS = 2;

  private final Cluster cluster = Cluster.shared();
  private final String topic = Cluster.name("large");
  private final Random random = new Random(11);
  private final MovingRows rows;
  private final int small;
  private final int large;

  public static void main(String[] given) {
    int[] numbers = Verdict.numbers(given, 200_000, 400, 20, 512);
    Verdict.exit(() -> new BudgetRun(numbers[0], numbers[1]).passes(numbers[2], numbers[3]));
  }

  private BudgetRun(int small, int large) {
    cluster.createTopic(topic, PARTITIONS, Map.of("max.message.bytes", Integer.toString(6 << 20)));
    this.rows = new MovingRows(cluster.producer(), topic, PARTITIONS, small / 2);
    this.small = small / ROUNDS;
    this.large = large / ROUNDS;
  }

  private boolean passes(int subscriptions, int heapMegabytes) throws Exception {
    publish();
    try (Crowd crowd = new Crowd(cluster, topic, subscriptions, Math.max(1, subscriptions / 5))) {
      WorkerProcess worker = crowd.startWorker(heapMegabytes);
      Thread.ofPlatform().daemon().start(() -> collect(worker));
      stallMidway(crowd);
      System.out.printf("loaded: %.1f s%n", crowd.await(crowd.healthy, rows.ends()));
      publish();
      System.out.printf("as much again: %.1f s%n", crowd.await(crowd.healthy, rows.ends()));
      boolean exact = crowd.isExact(crowd.healthy, rows);
      System.out.printf("the stalled one: %.1f s%n", crowd.reopen(rows.ends()));
      CollectorLog.of(worker).print(heapMegabytes);
      boolean enough = !Files.readString(worker.log()).contains("OutOfMemoryError");
      System.out.println(enough ? "memory sufficed" : "OUT OF MEMORY, see " + worker.log());
      return exact & crowd.isExact(crowd.members, rows) & enough;
    }
  }

  /** Large events are those of few rows, for the stores keep them in memory. */
  private void publish() {
    for (int i = 0; i < small; i++) {
      rows.publish();
      if (large > 0 && i % (small / large) == 0) {
        String letter = Character.toString('a' + random.nextInt(26));
        rows.publish(random.nextInt(PARTITIONS), letter.repeat(LARGE));
      }
    }
    rows.flush();
  }

  private static void stallMidway(Crowd crowd) throws Exception {
    Eventually.holds(() -> assertThat(Arrays.stream(crowd.look()[0]).sum()).isPositive());
    crowd.valve.shut();
  }

  private static void collect(WorkerProcess worker) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      while (worker.isAlive()) {
        new ProcessBuilder(jcmd, Long.toString(worker.pid()), "GC.run").start().waitFor();
        Thread.sleep(5000);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
