package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.kind.AccessRequest;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.testcluster.ApiServer;
import dev.millrace.testcluster.Kubectl;
import dev.millrace.testcluster.Outcome;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** As people have it, by {@code kubectl}. */
class KubectlIT {
  private static final Path TABLES = Path.of("src", "test", "resources", "tables");
  private static final int NARROW = 120;

  private static RealCluster cluster;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start();
    kubectl = new Kubectl(cluster.server(), ApiServer.ADMIN);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String said(String input, String... arguments) throws Exception {
    Outcome outcome = kubectl.run(input, arguments);
    assertThat(outcome.code()).as(outcome.text()).isZero();
    return outcome.text();
  }

  @Test
  void oneFileInTheWrongOrderIsAppliedAndWaitedFor() throws Exception {
    String file =
        RealCluster.subscription("orders", "orders", "{class: postgres}")
            + "---\n"
            + RealCluster.product("orders");
    try (MillraceOperator operator = cluster.operator(cluster.client())) {
      said(file, "apply", "-f", "-");

      said(
          "",
          "wait",
          "--for=condition=Provisioned",
          "dsub/orders",
          "-n",
          "team-risk",
          "--timeout=30s");
      said("", "wait", "--for=condition=Ready", "dp/orders", "-n", "sales", "--timeout=30s");

      assertThat(said("", "get", "millrace", "-A")).contains("orders", "sales.orders");
      assertThat(said(file, "apply", "-f", "-")).contains("orders unchanged");
      said("", "delete", "dsub/orders", "-n", "team-risk", "--timeout=30s");
      said("", "delete", "dp/orders", "-n", "sales", "--timeout=30s");
    }
  }

  @Test
  void whatIsWrongIsSaidAtOnce() throws Exception {
    Outcome outcome =
        kubectl.run(
            RealCluster.subscription("both", "orders", "{class: postgres, name: shared}"),
            "apply",
            "-f",
            "-");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.text())
        .contains("spec.store", "a store is given by exactly one of 'class' and 'name'");
  }

  /** {@code -Dtables.write=true} writes it. */
  @Test
  void theListIsReadableInANarrowTerminal() throws Exception {
    cluster.namespace("listed");
    listed("pending", "Pending", "False", "Provisioning", null);
    listed("preloading", "Preloading", "False", "Preloading", 123_456_789L);
    listed("live", "Live", "True", "HistoryProven", 0L);
    listed("behind", "Live", "True", "HistoryProven", 42_000L);
    listed("paused", "Paused", "True", "HistoryProven", 7L);
    listed("stopped", "Stopped", "True", "HistoryProven", 7L);
    listed("finished", "Finished", "True", "HistoryProven", 0L);
    listed("failed", "Failed", "False", "StoreUnavailable", null);
    listed("deleting", "Deleting", "False", "Deleting", null);
    listed(
        "a-name-that-is-about-as-long-as-people-write-them", "Live", "True", "HistoryProven", 0L);

    String narrow = table("get", "dsub", "-n", "listed");
    assertThat(narrow.lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(NARROW));
    golden("dsub.txt", narrow);
    golden("dsub-wide.txt", table("get", "dsub", "-n", "listed", "-o", "wide"));
  }

  private static void listed(
      String name,
      String phase,
      String ready,
      String reason,
      @org.jspecify.annotations.Nullable Long lag) {
    cluster.apply(
        RealCluster.subscription(name, "things", "{class: postgres}")
            .replace("team-risk", "listed"));
    ObjectNode status = JsonNodeFactory.instance.objectNode().put("phase", phase);
    if (!phase.equals("Pending")) {
      status
          .putObject("store")
          .put("name", name)
          .put("engine", "Postgres")
          .put("address", "db.example.org:5432/listed")
          .put("relation", "public." + name.replace('-', '_'));
    }
    if (lag != null) {
      status.putObject("progress").put("lagEvents", lag);
    }
    ArrayNode conditions = status.putArray("conditions");
    conditions
        .addObject()
        .put("type", "Ready")
        .put("status", ready)
        .put("reason", reason)
        .put("message", "As it is.");
    DataSubscription object = new DataSubscription();
    object.setMetadata(new ObjectMetaBuilder().withNamespace("listed").withName(name).build());
    object.setStatus(status);
    new Applying(cluster.client()).applyStatus(object);
  }

  /** {@code -Dtables.write=true} writes it. */
  @Test
  void soIsTheListOfWhatIsAskedFor() throws Exception {
    cluster.namespace("asked");
    asked("team-risk-eu-orders-0123456789", "Pending", null);
    asked("team-risk-eu-orders-1234567890", "Approved", "2027-02-26T00:00:00Z");
    asked("team-marketing-everything-there-is-2345678901", "Denied", null);

    String narrow = table("get", "ar", "-n", "asked");
    assertThat(narrow.lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(NARROW));
    golden("ar.txt", narrow);
    golden("ar-wide.txt", table("get", "ar", "-n", "asked", "-o", "wide"));
  }

  private static void asked(
      String name, String phase, @org.jspecify.annotations.Nullable String expires) {
    cluster.apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: AccessRequest
        metadata: {name: %s, namespace: asked}
        spec:
          product: orders
          subscription: team-risk/eu-orders
          uid: u
          requestedBy: alice
          purpose: fraud scoring
          fields: [{path: orderId}]
        %s\
        """
            .formatted(
                name,
                phase.equals("Pending") ? "" : "  decision: {verdict: " + phase + ", by: bob}\n"));
    ObjectNode status = JsonNodeFactory.instance.objectNode().put("phase", phase);
    if (expires != null) {
      status.put("expires", expires);
    }
    AccessRequest object = new AccessRequest();
    object.setMetadata(new ObjectMetaBuilder().withNamespace("asked").withName(name).build());
    object.setStatus(status);
    new Applying(cluster.client()).applyStatus(object);
  }

  /** The age is another at each run. */
  private static String table(String... arguments) throws Exception {
    return said("", arguments).replaceAll("(?m) \\d+s( |$)", " 0s$1").replaceAll("(?m) +$", "");
  }

  private static void golden(String file, String text) throws Exception {
    Path golden = TABLES.resolve(file);
    if (Boolean.getBoolean("tables.write")) {
      Files.createDirectories(TABLES);
      Files.writeString(golden, text);
    }
    assertThat(text)
        .as(file + ", which -Dtables.write=true writes anew")
        .isEqualTo(Files.readString(golden));
  }

  /** Of each kind the fields that people write. */
  @Test
  void everyFieldIsExplained() throws Exception {
    for (String place :
        List.of(
            "dp.spec",
            "dsub.spec",
            "dsub.spec.store.table",
            "dsub.status",
            "st.spec",
            "stc.spec",
            "ar.spec",
            "ar.spec.decision",
            "ar.status")) {
      assertThat(said("", "explain", place)).contains("FIELDS:").doesNotContain("<no description>");
    }
  }
}
