package dev.millrace.provisioner;

import dev.millrace.api.ask.Verification;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.shell.Target;
import dev.millrace.provisioner.source.Clients;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.provisioner.verify.Verifier;
import dev.millrace.stores.Engines;
import dev.millrace.stores.credentials.CredentialSource;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Measures a verification; RATIONALE.md says how to run it and what it said. */
final class VerifyRun {
  private static final int PARTITIONS = 4;

  private VerifyRun() {}

  public static void main(String[] arguments) throws Exception {
    int rows = Integer.parseInt(arguments[1]);
    Cluster cluster = Cluster.shared();
    try (EngineServer server =
            arguments[0].equals("Redis") ? new RedisServer() : new PostgresServer();
        EnginePool pool = new EnginePool(cluster, server)) {
      server.driver().prepare(server.site());
      String topic = Cluster.name("million");
      cluster.createTopic(topic, PARTITIONS, Map.of());
      publish(cluster, topic, rows);
      TestPlan test = new TestPlan(cluster, topic);
      PipelinePlan plan = test.target(server.target(test.subscription().name())).plan();
      pool.startWorker();
      pool.run(plan);
      while (server.read(plan) < rows) {
        Thread.sleep(200);
      }
      verify(cluster, server, plan, "as it is");
      server.put(plan, rows / 2, "changed", 1);
      verify(cluster, server, plan, "one changed");
      server.put(plan, rows / 2, name(rows / 2), rows / 2);
      server.delete(plan, rows - 1);
      verify(cluster, server, plan, "one missing");
      server.put(plan, rows - 1, name(rows - 1), rows - 1);
      server.put(plan, rows, "additional", 1);
      verify(cluster, server, plan, "one additional");
      server.delete(plan, rows);
      fed(cluster, server, plan, topic, rows);
    }
    System.exit(0);
  }

  /** While rows change as fast as one producer and one pipeline go. */
  private static void fed(
      Cluster cluster, EngineServer server, PipelinePlan plan, String topic, int rows)
      throws Exception {
    AtomicBoolean on = new AtomicBoolean(true);
    Thread feeding =
        Thread.ofPlatform()
            .start(() -> {
              EventLog log = new EventLog(cluster.producer(), topic, PARTITIONS);
              for (long id = 0; on.get(); id = (id + 7919) % rows) {
                log.put(id, "again", 1);
                if (id % 100 == 0) {
                  log.flush();
                }
              }
            });
    long before = server.read(plan);
    verify(cluster, server, plan, "while it is fed");
    on.set(false);
    feeding.join();
    System.out.printf("  %,d events were applied meanwhile%n", server.read(plan) - before);
  }

  private static void verify(Cluster cluster, EngineServer server, PipelinePlan plan, String what)
      throws Exception {
    System.gc();
    long before = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    peak();
    Clients clients = new Clients(cluster.properties());
    CredentialSource login = EnginePool.only(server.site().writer());
    try (SourceWatch source = new SourceWatch(clients, () -> {})) {
      long began = System.nanoTime();
      Verification found =
          new Verifier(
                  clients,
                  source,
                  login,
                  any -> Corrections.NONE,
                  Verifier.BUDGET_BYTES,
                  Clock.systemUTC())
              .verify(
                  Target.of(plan, new Engines(List.of(server.driver())), login),
                  () -> true,
                  soFar -> {});
      System.out.printf(
          "%s: %s, %,d equal, missing %s, additional %s, changed %s: %.1f s, heap at its highest"
              + " %,d MB, of which %,d MB were there before%n",
          what,
          found.outcome(),
          found.equal(),
          found.missing().examples(),
          found.additional().examples(),
          found.changed().examples(),
          (System.nanoTime() - began) / 1e9,
          peak() >> 20,
          before >> 20);
    }
  }

  /** Since it was asked last. */
  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> {
          long peak = pool.getPeakUsage().getUsed();
          pool.resetPeakUsage();
          return peak;
        })
        .sum();
  }

  private static String name(long id) {
    return "the name of " + id;
  }

  private static void publish(Cluster cluster, String topic, int rows) {
    AtomicReference<Exception> lost = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = cluster.newProducer()) {
      for (int id = 0; id < rows; id++) {
        producer.send(
            new ProducerRecord<>(
                topic,
                id % PARTITIONS,
                Integer.toString(id).getBytes(StandardCharsets.US_ASCII),
                ("{\"id\":" + id + ",\"name\":\"" + name(id) + "\",\"total\":" + id + "}")
                    .getBytes(StandardCharsets.US_ASCII)),
            (taken, failure) -> lost.compareAndSet(null, failure));
      }
    }
    if (lost.get() != null) {
      throw new IllegalStateException("not all was published", lost.get());
    }
  }
}
