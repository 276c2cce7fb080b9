package dev.millrace.provisioner;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.credentials.Credentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many subscriptions of one topic, each with a filter of its own, on real servers, and one worker
 * in a process of its own. The first one reaches its store through a {@link Valve}. Where they
 * stand and what they hold is read past the driver.
 */
final class Crowd implements AutoCloseable {
  /** One server's ACL rules are looked through for each command; so many are still quick. */
  private static final int ON_ONE_REDIS = 100;

  private static final long PATIENCE_NANOS = 120_000_000_000L;

  final List<Member> members = new ArrayList<>();

  /** All but the one behind the valve. */
  final List<Member> healthy;

  final Valve valve;
  private final Cluster cluster;
  private final Map<EngineServer, List<Integer>> servers = new LinkedHashMap<>();
  private final Map<EngineServer, EngineServer.Positions> positions = new LinkedHashMap<>();
  private @Nullable WorkerProcess worker;

  /** Keeps the events whose total is in its range. */
  record Member(int number, EngineServer server, PipelinePlan plan, int from, int to) {
    boolean keeps(int total) {
      return from <= total && total < to;
    }

    boolean keepsAll() {
      return plan.filter() == null;
    }
  }

  /**
   * Lets them subscribe to the topic as it is now.
   *
   * @param subscriptions at least four, of which the first two and the last keep everything, and
   *     the others share the totals among them
   * @param onPostgres how many of them, the last ones, have a table; the others have keys in Redis
   */
  Crowd(Cluster cluster, String topic, int subscriptions, int onPostgres) throws Exception {
    this.cluster = cluster;
    RedisServer first = new RedisServer();
    this.valve = new Valve(first.site().port());
    EngineServer server = first;
    for (int i = 0; i < subscriptions; i++) {
      if (i == subscriptions - onPostgres) {
        server = new PostgresServer();
      } else if (i > 0 && i < subscriptions - onPostgres && i % ON_ONE_REDIS == 0) {
        server = new RedisServer();
      }
      join(topic, server, i, subscriptions - 3);
    }
    for (Map.Entry<EngineServer, List<Integer>> each : servers.entrySet()) {
      List<PipelinePlan> plans =
          each.getValue().stream().map(number -> members.get(number).plan()).toList();
      positions.put(each.getKey(), each.getKey().positions(plans));
    }
    healthy = members.subList(1, members.size());
  }

  private void join(String topic, EngineServer server, int number, int ranges) throws Exception {
    if (!servers.containsKey(server)) {
      server.driver().prepare(server.site());
      servers.put(server, new ArrayList<>());
    }
    servers.get(server).add(number);
    boolean all = number < 2 || number == ranges + 2;
    int from = all ? 0 : bound(number - 2, ranges);
    int to = all ? MovingRows.TOTALS : bound(number - 1, ranges);
    TestPlan test = new TestPlan(cluster, topic);
    if (!all) {
      test.filter("event.total >= " + from + " && event.total < " + to);
    }
    PipelinePlan.Target target = server.target(test.subscription().name());
    PipelinePlan plan =
        test.target(reached(target, number == 0 ? valve.port() : target.port())).plan();
    EnginePool.provision(server, plan);
    cluster.publish(plan);
    members.add(new Member(number, server, plan, from, to));
  }

  private static int bound(int range, int ranges) {
    return (int) ((long) MovingRows.TOTALS * range / ranges);
  }

  /** Without an index, for none of Postgres takes a name of megabytes. */
  private static PipelinePlan.Target reached(PipelinePlan.Target target, int port) {
    PipelinePlan.Table table = target.table();
    return new PipelinePlan.Target(
        target.engine(),
        target.store(),
        target.host(),
        port,
        target.database(),
        target.tls(),
        target.writer(),
        table == null ? null : new PipelinePlan.Table(table.schema(), table.name(), List.of()),
        target.keys());
  }

  /** Ends, and says so, when its heap does not suffice. */
  WorkerProcess startWorker(int heapMegabytes) throws IOException {
    Credentials login = members.get(0).server().site().writer();
    WorkerSettings settings = WorkerSettings.of(Cluster.name("crowd"), cluster.properties());
    worker =
        WorkerProcess.start(
            settings,
            login,
            List.of(
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseParallelGC",
                "-XX:+ExitOnOutOfMemoryError",
                CollectorLog.option(settings.worker())));
    return worker;
  }

  /** For each member, by number, the next offset of each partition. */
  long[][] look() throws Exception {
    long[][] all = new long[members.size()][];
    for (Map.Entry<EngineServer, List<Integer>> each : servers.entrySet()) {
      long[][] some = positions.get(each.getKey()).now();
      for (int i = 0; i < some.length; i++) {
        all[each.getValue().get(i)] = some[i];
      }
    }
    if (worker != null && !worker.isAlive()) {
      throw new IllegalStateException("the worker has ended: see " + worker.log());
    }
    return all;
  }

  /**
   * @return seconds from now until all these stood there
   * @throws IllegalStateException when none of them gets anywhere for two minutes
   */
  double await(List<Member> some, long[] ends) throws Exception {
    long began = System.nanoTime();
    long moved = began;
    long sum = -1;
    while (true) {
      long[][] at = look();
      long now = System.nanoTime();
      if (some.stream().allMatch(member -> hasPassed(at[member.number()], ends))) {
        return (now - began) / 1e9;
      }
      long come = some.stream().mapToLong(member -> Arrays.stream(at[member.number()]).sum()).sum();
      if (come > sum) {
        sum = come;
        moved = now;
      } else if (now - moved > PATIENCE_NANOS) {
        throw new IllegalStateException(
            "stuck short of "
                + Arrays.toString(ends)
                + ": "
                + some.stream()
                    .filter(member -> !hasPassed(at[member.number()], ends))
                    .map(member ->
                        member.plan().subscription() + Arrays.toString(at[member.number()]))
                    .limit(3)
                    .toList());
      }
      Thread.sleep(100);
    }
  }

  /**
   * Opens the valve.
   *
   * @return seconds until the one behind it stood there too
   * @throws IllegalStateException when it stood there already, for then nothing had stalled
   */
  double reopen(long[] ends) throws Exception {
    long behind = Arrays.stream(ends).sum() - Arrays.stream(look()[0]).sum();
    if (behind == 0) {
      throw new IllegalStateException("the stalled store was not behind");
    }
    valve.open();
    double seconds = await(members, ends);
    System.out.printf("%26s the stalled one was %,d events behind%n", "", behind);
    return seconds;
  }

  private static boolean hasPassed(long[] at, long[] ends) {
    return IntStream.range(0, ends.length).allMatch(partition -> at[partition] >= ends[partition]);
  }

  /** Compares all rows of these with what was published, and prints what it found. */
  boolean isExact(List<Member> some, MovingRows published) throws Exception {
    long rows = 0;
    long wrong = 0;
    for (Member member : some) {
      Map<StoreKey, List<@Nullable Object>> wanted = published.rows(member::keeps);
      Map<StoreKey, List<@Nullable Object>> found = member.server().rows(member.plan());
      rows += found.size();
      if (!wanted.equals(found)) {
        wrong++;
        System.out.printf("  %s differs%n", member.plan().subscription());
      }
    }
    System.out.printf(
        "compared: %,d subscriptions, %,d rows, %s%n",
        some.size(), rows, wrong == 0 ? "all exact" : wrong + " DIFFER");
    return wrong == 0;
  }

  @Override
  public void close() throws Exception {
    if (worker != null) {
      worker.close();
    }
    valve.close();
    servers.keySet().forEach(EngineServer::close);
  }
}
