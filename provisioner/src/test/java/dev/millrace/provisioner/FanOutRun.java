package dev.millrace.provisioner;

import java.util.Map;

/**
 * One topic, a thousand subscriptions, one worker with 1 GB: issue 4, criterion 4. Most stores are
 * Redis, the last are Postgres, and the first is reached through a network that stalls. Prints how
 * often the broker handed out each byte (reads), how long events took with and without the stalled
 * store, and whether all content is what the log says. Exits with 1 when content differs, or when
 * an event was read more than 1.1 times once all had joined and none was stalled.
 *
 * <p>The broker is in this process and the worker in one of its own, so the worker's heap is the
 * worker's alone. While bytes are counted nobody but the worker reads the topic.
 *
 * <pre>
 * ./mvnw -q -pl provisioner -am test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/cp
 * cd provisioner && mkdir /tmp/run
 * java -Xmx4g -Djava.io.tmpdir=/tmp/run -cp target/test-classes:target/classes:$(cat /tmp/cp) \
 *   dev.millrace.provisioner.FanOutRun [EVENTS SUBSCRIPTIONS ON_POSTGRES LIVE_EVENTS PER_SECOND]
 * </pre>
 *
 * Without arguments {@code 1000000 1000 50 20000 500}; {@code 50000 50 10 2000 500} is done in a
 * minute. The worker's output and its collector's log are in {@code target}, the servers' data in
 * {@code /tmp/run}.
 */
final class FanOutRun {
  private static final int PARTITIONS = 4;
  private static final int HEAP_MEGABYTES = 1024;
  private static final int EVENTS_OF_A_ROW = 5;
  private static final double MOST_READS = 1.1;

  private final String topic = Cluster.name("fan");
  private final Cluster cluster = Cluster.shared();
  private final MovingRows rows;
  private final Crowd crowd;

  public static void main(String[] given) {
    int[] numbers = Verdict.numbers(given, 1_000_000, 1000, 50, 20_000, 500);
    Verdict.exit(() -> {
      FanOutRun run = new FanOutRun(numbers[0], numbers[1], numbers[2]);
      try (run.crowd) {
        return run.passes(numbers[3], numbers[4]);
      }
    });
  }

  private FanOutRun(int events, int subscriptions, int onPostgres) throws Exception {
    cluster.createTopic(topic, PARTITIONS, Map.of());
    rows = new MovingRows(cluster.producer(), topic, PARTITIONS, events / EVENTS_OF_A_ROW);
    for (int i = 0; i < events; i++) {
      rows.publish();
    }
    rows.flush();
    long began = System.nanoTime();
    crowd = new Crowd(cluster, topic, subscriptions, onPostgres);
    System.out.printf(
        "%,d events, %,d subscriptions provisioned in %.1f s%n",
        events, subscriptions, (System.nanoTime() - began) / 1e9);
  }

  private boolean passes(int live, int perSecond) throws Exception {
    System.out.printf(
        "%-26s%9s%9s%32s%32s%n",
        "", "seconds", "reads", "rows are there (p50, p99, ms)", "all have passed (p50, p99, ms)");
    crowd.valve.shut();
    BrokerTraffic published = BrokerTraffic.of(topic);
    WorkerProcess worker = crowd.startWorker(HEAP_MEGABYTES);
    double loaded = crowd.await(crowd.healthy, rows.ends());
    BrokerTraffic loading = BrokerTraffic.of(topic).since(published);
    print("loaded, one stalled", loaded, (double) loading.out() / published.in());
    print("the stalled one, too", crowd.reopen(rows.ends()), 0);
    join();
    double reads = live("live", live, perSecond);
    crowd.valve.shut();
    live("live, one stalled", live, perSecond);
    print("the stalled one is back", crowd.reopen(rows.ends()), 0);
    CollectorLog.of(worker).print(HEAP_MEGABYTES);
    return crowd.isExact(crowd.members, rows) & reads <= MOST_READS;
  }

  /** Who has caught up joins by what comes next, so something comes. */
  private void join() throws Exception {
    for (int i = 0; i < 100 * PARTITIONS; i++) {
      rows.publish();
    }
    rows.flush();
    crowd.await(crowd.members, rows.ends());
  }

  private double live(String stage, int events, int perSecond) throws Exception {
    BrokerTraffic before = BrokerTraffic.of(topic);
    LiveTraffic traffic = new LiveTraffic(crowd, rows);
    double seconds = traffic.run(events, perSecond);
    // What is read once more than needed may be read late, and counts nevertheless.
    Thread.sleep(1000);
    double reads = BrokerTraffic.of(topic).since(before).ratio();
    print(stage, seconds, reads, traffic.times().toArray());
    System.out.printf("%26s looked at every %d ms%n", "", traffic.millisBetweenLooks());
    return reads;
  }

  private static void print(String stage, double seconds, double reads, Object... times) {
    System.out.printf("%-26s%9.1f%9s", stage, seconds, reads == 0 ? "" : "%.2f".formatted(reads));
    System.out.printf("%16s".repeat(times.length) + "%n", times);
  }
}
