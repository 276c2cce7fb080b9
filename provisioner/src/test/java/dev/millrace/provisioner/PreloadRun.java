package dev.millrace.provisioner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Effort;
import dev.millrace.stores.Engines;
import dev.millrace.stores.Prepared;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.credentials.CredentialSource;
import dev.millrace.stores.credentials.Credentials;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Measures a preload like the demo's: see RATIONALE.md for how to run it. */
final class PreloadRun {
  private static final int PARTITIONS = 4;

  public static void main(String[] arguments) throws Exception {
    int events = Integer.parseInt(arguments[0]);
    Cluster cluster = Cluster.shared();
    String topic = Cluster.name("flights");
    cluster.createTopic(topic, PARTITIONS, Map.of());
    publish(cluster, topic, events);
    StoreDriver nothing = nothing();
    for (int round = 0; round < Integer.parseInt(arguments[1]); round++) {
      PipelinePlan all = plan(cluster, topic, null);
      PipelinePlan late = plan(cluster, topic, "event.origin == 'SFO' && event.delay > 60");
      cluster.publish(all);
      cluster.publish(late);
      long began = System.nanoTime();
      try (Worker worker =
          Worker.start(
              WorkerSettings.of("w" + round, cluster.properties()),
              new Engines(List.of(nothing)),
              anyone())) {
        awaitLoaded(cluster, all, began, events);
        awaitLoaded(cluster, late, began, events);
      }
      cluster.retract(all.subscription());
      cluster.retract(late.subscription());
    }
    System.exit(0);
  }

  private static void awaitLoaded(Cluster cluster, PipelinePlan plan, long began, int events)
      throws InterruptedException {
    while (!plan.cutover().entrySet().stream()
        .allMatch(cut ->
            cluster
                .report(plan.subscription(), cut.getKey())
                .map(report -> report.flushed() >= cut.getValue())
                .orElse(false))) {
      Thread.sleep(20);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "%s loaded after %.1f s, %,.0f events/s%n",
        plan.filter() == null ? "all " : "late", seconds, events / seconds);
  }

  private static void publish(Cluster cluster, String topic, int events) {
    String[] airports = {"SFO", "JFK", "ORD", "ATL", "DFW", "LAX", "SEA", "BOS"};
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            cluster.properties(
                Map.of("linger.ms", 20, "batch.size", 256 << 10, "compression.type", "lz4")),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int id = 1; id <= events; id++) {
        String json =
            "{\"id\":"
                + id
                + ",\"date\":\""
                + Instant.ofEpochSecond(978_307_200L + id * 5L)
                + "\",\"delay\":"
                + (id * 7919L % 200 - 40)
                + ",\"distance\":"
                + (id * 31L % 2500 + 100)
                + ",\"origin\":\""
                + airports[id % 8]
                + "\",\"destination\":\""
                + airports[(id / 8) % 8]
                + "\"}";
        producer.send(
            new ProducerRecord<>(
                topic,
                Integer.toString(id).getBytes(StandardCharsets.US_ASCII),
                json.getBytes(StandardCharsets.US_ASCII)));
      }
    }
  }

  private static PipelinePlan plan(
      Cluster cluster, String topic, @org.jspecify.annotations.Nullable String filter)
      throws Exception {
    JsonNode schema =
        Json.STRICT.readTree(
            """
            {"type":"object","required":["id","date","delay","distance","origin","destination"],
             "properties":{"id":{"type":"integer"},"date":{"type":"string","format":"date-time"},
              "delay":{"type":"integer"},"distance":{"type":"integer"},
              "origin":{"type":"string"},"destination":{"type":"string"}}}
            """);
    return new PipelinePlan(
        new ObjectKey("test", Cluster.name("flights")),
        UUID.randomUUID().toString(),
        1,
        List.of(),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("test", "flights"),
            topic,
            cluster.topicId(topic),
            cluster.clusterId(),
            PARTITIONS,
            schema,
            "id",
            false),
        filter,
        List.of(
            column("id", "int64", true),
            column("date", "timestamp", false),
            column("delay", "int64", false),
            column("distance", "int64", false),
            column("origin", "text", false),
            column("destination", "text", false)),
        "Upsert",
        new PipelinePlan.Target(
            "Nothing", new ObjectKey("test", "s"), "h", 1, "d", "disable", "w", null, null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L, 1, 0L, 2, 0L, 3, 0L),
        cluster.ends(topic),
        null);
  }

  private static PipelinePlan.Column column(String name, String type, boolean key) {
    return new PipelinePlan.Column(name, name, null, type, key, "None");
  }

  private static CredentialSource anyone() {
    return new CredentialSource() {
      @Override
      public Optional<Credentials> credentials(String reference) {
        return Optional.of(new Credentials("a", "b"));
      }

      @Override
      public Optional<byte[]> key(String reference) {
        return Optional.empty();
      }
    };
  }

  private static StoreDriver nothing() {
    Sink sink =
        new Sink() {
          @Override
          public List<Cursor> take(Set<Integer> partitions) {
            return partitions.stream()
                .map(p -> new Cursor(p, 0, Optional.empty(), "", "", 1, "", Counts.NONE))
                .toList();
          }

          @Override
          public Prepared prepare(Batch batch) {
            return () -> 0;
          }

          @Override
          public void write(Prepared prepared) {}

          @Override
          public Set<EventPlace> deadLetters(Collection<EventPlace> places) {
            return Set.of();
          }

          @Override
          public void amend(Amendment amendment) {}

          @Override
          public void flush() {}

          @Override
          public boolean presentKeys(long most, Consumer<StoreKey> each) {
            return true;
          }

          @Override
          public Effort effort() {
            return new Effort();
          }

          @Override
          public void close() {}
        };
    return (StoreDriver)
        Proxy.newProxyInstance(
            PreloadRun.class.getClassLoader(),
            new Class<?>[] {StoreDriver.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "engine" -> "Nothing";
                  case "sink" -> sink;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
