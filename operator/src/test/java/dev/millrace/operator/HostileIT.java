package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.testcluster.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Objects that were right, with something in them that is not: the API server refuses them, or each
 * gets a condition. Nothing in the log, and nothing goes round in circles. {@code -Dhostile=10000}
 * makes more of them, {@code -Dhostile.seed=N} others.
 */
class HostileIT {
  private static final Path OBJECTS = Path.of("src", "test", "resources", "objects");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static RealCluster cluster;
  private static MillraceOperator operator;
  private static final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  /** Warnings of ours and of the SDK, and whatever has a stack. */
  private static final Handler LISTENER =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          boolean concerned =
              line.getLoggerName() != null
                  && (line.getLoggerName().startsWith("dev.millrace")
                      || line.getLoggerName().startsWith("io.javaoperatorsdk"));
          if (concerned
              && (line.getThrown() != null || line.getLevel().intValue() > Level.INFO.intValue())) {
            complaints.add(
                line.getLoggerName() + ": " + line.getMessage() + " " + line.getThrown());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeAll
  static void start() throws Exception {
    Logger.getLogger("").addHandler(LISTENER);
    cluster = RealCluster.start();
    operator = cluster.operator(cluster.client());
    cluster.apply(RealCluster.product("orders"));
  }

  @AfterAll
  static void stop() throws Exception {
    Logger.getLogger("").removeHandler(LISTENER);
    if (operator != null) {
      operator.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void nothingThatCanBeAppliedDisturbsIt() throws Exception {
    int many = Integer.getInteger("hostile", 1_000);
    Random random = new Random(Long.getLong("hostile.seed", 6));
    List<JsonNode> seeds = seeds();
    int taken = 0;
    int refused = 0;
    try (KubernetesClient client = cluster.server().client(ApiServer.ADMIN)) {
      for (int i = 0; i < many; i++) {
        ObjectNode object = seeds.get(random.nextInt(seeds.size())).deepCopy();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
          spoil((ObjectNode) object.get("spec"), random);
        }
        ((ObjectNode) object.get("metadata")).put("name", "h" + i).put("namespace", "team-risk");
        try {
          client
              .resource(Serialization.unmarshal(object.toString(), GenericKubernetesResource.class))
              .create();
          taken++;
        } catch (KubernetesClientException e) {
          assertThat(e.getCode()).as(object + " " + e.getMessage()).isBetween(400, 422);
          assertThat(e.getMessage()).as(object.toString()).contains("h" + i);
          refused++;
        }
      }
    }
    System.out.println(many + " objects: " + refused + " refused, " + taken + " taken");
    assertThat(taken).isGreaterThan(many / 10);
    assertThat(refused).isGreaterThan(many / 10);

    cluster.await("each has a condition", 120 + many / 20, () -> withoutCondition().isEmpty());

    cluster.await("it comes to rest", 60 + many / 20, HostileIT::isAtRest);
    assertThat(complaints).isEmpty();
    cluster.apply(RealCluster.subscription("last", "orders", "{class: postgres}"));
    cluster.await("it still works", () -> cluster.isTrue("last", "Provisioned"));
  }

  private static List<JsonNode> seeds() throws IOException {
    List<JsonNode> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(OBJECTS)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.matches("valid-(dsub|dp|ar)-.*")) {
          String first = Files.readString(file).split("(?m)^---\n")[0];
          seeds.add(
              JSON.valueToTree(Serialization.unmarshal(first, GenericKubernetesResource.class)));
        }
      }
    }
    return seeds;
  }

  /** Somewhere in the tree: another value, one gone, one too many, or one moved. */
  private static void spoil(ObjectNode at, Random random) {
    List<String> names = new ArrayList<>();
    at.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty() || random.nextInt(8) == 0) {
      at.set(HostileValues.word(random), HostileValues.any(random, 2));
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    JsonNode child = at.get(name);
    if (child instanceof ObjectNode object && random.nextInt(4) > 0) {
      spoil(object, random);
    } else if (child instanceof ArrayNode list && !list.isEmpty() && random.nextInt(4) > 0) {
      int which = random.nextInt(list.size());
      if (list.get(which) instanceof ObjectNode object) {
        spoil(object, random);
      } else {
        list.set(which, HostileValues.any(random, 2));
      }
    } else {
      switch (random.nextInt(5)) {
        case 0 -> at.remove(name);
        case 1 -> at.set(HostileValues.word(random), at.remove(name));
        case 2 -> at.set(name, HostileValues.like(child, random));
        default -> at.set(name, HostileValues.any(random, 2));
      }
    }
  }

  private static List<String> withoutCondition() {
    List<String> without = new ArrayList<>();
    objects()
        .forEach(each -> {
          if (each.getStatus() == null || each.getStatus().path("conditions").isEmpty()) {
            without.add(each.getKind() + " " + each.key());
          }
        });
    return without;
  }

  private static List<Kind> objects() {
    List<Kind> all = new ArrayList<>();
    KubernetesClient client = cluster.client();
    all.addAll(client.resources(DataProduct.class).inAnyNamespace().list().getItems());
    all.addAll(client.resources(DataSubscription.class).inAnyNamespace().list().getItems());
    return all;
  }

  /** Nothing is written though nothing changes. */
  private static boolean isAtRest() throws InterruptedException {
    String before = versions();
    TimeUnit.SECONDS.sleep(5);
    return versions().equals(before);
  }

  private static String versions() {
    StringBuilder versions = new StringBuilder();
    objects()
        .forEach(each ->
            versions
                .append(each.key())
                .append('@')
                .append(each.getMetadata().getResourceVersion())
                .append('\n'));
    return versions.toString();
  }
}
