package dev.millrace.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.testcluster.ApiServer;
import dev.millrace.testcluster.Helm;
import dev.millrace.testcluster.Kubectl;
import dev.millrace.testcluster.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * {@code helm install}, {@code kubectl apply}, {@code kubectl wait}, and the rows are there: on a
 * real API server with its controllers, with processes for containers.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JourneyIT {
  private static final Map<String, Orders> PUBLISHED = new HashMap<>();

  private static Installation installation;
  private static OwnServers own;

  /** When the API server was killed, and when it said that it was ready again. */
  private static Instant crashed = Instant.MAX;

  private static Instant servedAgain = Instant.MIN;

  @BeforeAll
  static void start() throws Exception {
    installation = Installation.startStrained();
    own = new OwnServers(installation);
  }

  @AfterAll
  static void stop() throws Exception {
    if (installation != null) {
      installation.close();
    }
  }

  @Test
  @Order(1)
  void thePageLeadsToRows() throws Exception {
    Page page = installation.page();
    page.section("Offer a store");
    page.section("A product");
    publish(
        "sales.orders",
        Map.of(
            "o-1",
            "{\"orderId\":\"o-1\",\"country\":\"DE\",\"total\":129.9}",
            "o-2",
            "{\"orderId\":\"o-2\",\"country\":\"US\",\"total\":500.0}"));

    assertThat(page.section("A subscription")).contains("condition met", "eu-orders");
    assertThat(page.section("The rows").strip()).isEqualTo("o-1|129.90");
    assertThat(page.section("When something is wrong")).contains("Ready=True");
  }

  private static void publish(String topic, Map<String, String> events) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(installation.kafka(), new StringSerializer(), new StringSerializer())) {
      events.forEach((key, event) -> {
        var unused = producer.send(new ProducerRecord<>(topic, key, event));
      });
      producer.flush();
    }
  }

  @Test
  @Order(2)
  void inGitsOrder() throws Exception {
    journey("git", List.of(0, 1, 2, 3, 4));
  }

  @Test
  @Order(3)
  void inReverse() throws Exception {
    journey("reverse", List.of(4, 3, 2, 1, 0));
  }

  @Test
  @Order(4)
  void allInOneFileAtOnce() throws Exception {
    installation.kubectl("", "create", "namespace", "once-owner");
    installation.kubectl("", "create", "namespace", "once-tenant");
    List<String> documents = documents("once");

    installation.kubectl(String.join("---\n", documents), "apply", "-f", "-");

    arrives("once");
  }

  private void journey(String name, List<Integer> order) throws Exception {
    installation.kubectl("", "create", "namespace", name + "-owner");
    installation.kubectl("", "create", "namespace", name + "-tenant");
    List<String> documents = documents(name);
    for (int each : order) {
      installation.kubectl(documents.get(each), "apply", "-f", "-");
    }
    arrives(name);
  }

  /** A product, a class of each engine, and a subscription to each. */
  private static List<String> documents(String name) {
    List<String> documents = new ArrayList<>();
    documents.add(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: %s-postgres}
        spec: {engine: Postgres, provider: Shared, server: "127.0.0.1:%d", adminSecret: postgres-admin}
        """
            .formatted(name, installation.postgres().port()));
    documents.add(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: %s-redis}
        spec: {engine: Redis, provider: Shared, server: "127.0.0.1:%d", adminSecret: redis-admin}
        """
            .formatted(name, installation.redis().port()));
    documents.add(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: DataProduct
        metadata: {name: orders, namespace: %s-owner}
        spec:
          key: id
          schema:
            type: object
            properties:
              id: {type: string}
              country: {type: string}
              total: {type: integer}
            required: [id, country, total]
        """
            .formatted(name));
    for (String engine : List.of("postgres", "redis")) {
      documents.add(
          """
          apiVersion: millrace.dev/v1alpha1
          kind: DataSubscription
          metadata: {name: in-%s, namespace: %s-tenant}
          spec:
            product: %s-owner/orders
            filter: event.country in ['DE', 'FR']
            store: {class: %s-%s, reclaimPolicy: Delete}
          """
              .formatted(engine, name, name, name, engine));
    }
    return documents;
  }

  /** History, and what comes later. */
  private void arrives(String name) throws Exception {
    ready("dp/orders", name + "-owner");
    Orders orders = new Orders(name + "-owner.orders", installation.kafka());
    orders.publish(20_000);
    ready("dsub/in-postgres", name + "-tenant");
    ready("dsub/in-redis", name + "-tenant");
    same(name, orders.in("DE", "FR"));

    orders.publish(2_000);
    same(name, orders.in("DE", "FR"));
    PUBLISHED.put(name, orders);
  }

  private static void ready(String object, String namespace) throws Exception {
    installation.kubectl(
        "", "wait", "--for=condition=Ready", object, "-n", namespace, "--timeout=90s");
  }

  private static void same(String name, Map<String, Long> expected) throws Exception {
    Map<String, String> postgres = installation.secret(name + "-tenant", "in-postgres-credentials");
    Map<String, String> redis = installation.secret(name + "-tenant", "in-redis-credentials");
    installation.await(
        "the rows in Postgres", 30, () -> Rows.inPostgres(postgres).equals(expected));
    installation.await(
        "the rows in Redis", 30, () -> Rows.inRedis(redis, keys(redis)).equals(expected));
    assertThat(expected).isNotEmpty();
  }

  private static List<String> keys(Map<String, String> secret) {
    try (Jedis admin =
        Rows.open(
            "default",
            installation.redis().password(),
            new HostAndPort("127.0.0.1", installation.redis().port()))) {
      return List.copyOf(admin.keys(secret.get("relation")));
    }
  }

  @Test
  @Order(5)
  void aChangedFilterIsBuiltAnewAndSwappedIn() throws Exception {
    filterBy("IT");
  }

  private static void filterBy(String country) throws Exception {
    installation.kubectl(
        "",
        "patch",
        "dsub/in-postgres",
        "-n",
        "git-tenant",
        "--type=merge",
        "-p",
        "{\"spec\":{\"filter\":\"event.country == '%s'\"}}".formatted(country));

    Map<String, String> secret = installation.secret("git-tenant", "in-postgres-credentials");
    Map<String, Long> expected = PUBLISHED.get("git").in(country);
    installation.await(
        "the rows of the new filter", 60, () -> Rows.inPostgres(secret).equals(expected));
    ready("dsub/in-postgres", "git-tenant");
  }

  /** What watches knew has left etcd by then; and the Lease may have run out. */
  @Test
  @Order(6)
  void anApiServerThatBeginsAnewIsFollowed() throws Exception {
    Kubectl kubectl = new Kubectl(installation.server(), ApiServer.ADMIN);
    String now =
        installation
            .client()
            .genericKubernetesResources("millrace.dev/v1alpha1", "StoreClass")
            .list()
            .getMetadata()
            .getResourceVersion();
    String since =
        "/apis/millrace.dev/v1alpha1/storeclasses?watch=1&timeoutSeconds=1&resourceVersion=" + now;
    installation.await(
        "what was up to now is forgotten",
        60,
        () -> kubectl.run("", "get", "--raw", since).text().matches("(?s).*(too old|compacted).*"));
    crashed = Instant.now();
    installation.server().crash();
    installation.server().serveAgain();
    servedAgain = Instant.now();

    filterBy("DE");
  }

  /** By kstatus, which helm's wait is: it comes back when all is Current, or one has Failed. */
  @Test
  @Order(7)
  void aChartOfNeedsIsWaitedFor() throws Exception {
    Path chart = Files.createTempDirectory("chart");
    Files.writeString(
        chart.resolve("Chart.yaml"), "{apiVersion: v2, name: needs, version: 0.1.0}\n");
    Path templates = Files.createDirectory(chart.resolve("templates"));
    String need =
        """
        apiVersion: millrace.dev/v1alpha1
        kind: DataSubscription
        metadata: {name: waited, namespace: git-tenant}
        spec:
          product: git-owner/orders
          filter: event.%s == 'DE'
          store: {class: git-redis, reclaimPolicy: Delete}
        """;
    Files.writeString(templates.resolve("need.yaml"), need.formatted("country"));
    Helm helm = installation.helm();
    String[] wait = {"--namespace=git-tenant", "--wait", "--timeout=60s"};

    Outcome right = helm.run("", with("install", "needs", chart.toString(), wait));
    assertThat(right.code()).as(right.text()).isZero();
    assertThat(
            installation.kubectl(
                "",
                "get",
                "dsub/waited",
                "-n",
                "git-tenant",
                "-o",
                "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}"))
        .isEqualTo("True");

    Files.writeString(templates.resolve("need.yaml"), need.formatted("county"));
    long begun = System.nanoTime();
    Outcome wrong = helm.run("", with("upgrade", "needs", chart.toString(), wait));
    assertThat(wrong.code()).as(wrong.text()).isNotZero();
    assertThat(System.nanoTime() - begun)
        .as("it has failed, and was not waited for in vain: %s", wrong.text())
        .isLessThan(TimeUnit.SECONDS.toNanos(50));
  }

  private static String[] with(String command, String name, String chart, String... options) {
    return Stream.concat(Stream.of(command, name, chart), Stream.of(options))
        .toArray(String[]::new);
  }

  /** With volume, login and address; whoever subscribes does not notice. */
  @Test
  @Order(8)
  void aServerIsMadeForEachStore() throws Exception {
    installation.page().section("A server for each store");
    installation.kubectl("", "create", "namespace", "own-owner");
    installation.kubectl("", "create", "namespace", "own-tenant");
    installation.kubectl(documents("own").get(2), "apply", "-f", "-");
    ready("dp/orders", "own-owner");
    Orders orders = new Orders("own-owner.orders", installation.kafka());
    orders.publish(20_000);
    PUBLISHED.put("own", orders);

    own.subscribe("in-postgres", "postgres-own", "table: {name: first}");
    own.subscribe("in-redis", "redis-own", "reclaimPolicy: Delete");

    own.awaitReady("in-postgres");
    own.awaitReady("in-redis");
    sameInOwn();
  }

  private static void sameInOwn() throws Exception {
    Map<String, Long> expected = PUBLISHED.get("own").in("DE", "FR");
    assertThat(expected).isNotEmpty();
    installation.await(
        "the rows in its own Postgres", 30, () -> own.inPostgres("in-postgres").equals(expected));
    installation.await(
        "the rows in its own Redis", 30, () -> own.inRedis("in-redis").equals(expected));
  }

  /** Its Pod begins anew, with more of everything, while events come. */
  @Test
  @Order(9)
  void aServerGrowsAndNothingIsLost() throws Exception {
    Orders orders = PUBLISHED.get("own");
    String before = own.podOf("in-postgres").getMetadata().getUid();
    AtomicBoolean grown = new AtomicBoolean();
    Future<?> publishing =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory())
            .submit(() -> {
              while (!grown.get()) {
                orders.publish(500);
              }
              return null;
            });

    try {
      grow(before);
    } finally {
      grown.set(true);
    }
    publishing.get(60, TimeUnit.SECONDS);

    Pod now = own.podOf("in-postgres");
    assertThat(now.getSpec().getContainers().get(0).getCommand()).contains("shared_buffers=192MB");
    assertThat(
            installation.kubectl(
                "",
                "get",
                "pvc",
                "-n",
                "millrace-stores",
                "-l",
                "millrace.dev/store=in-postgres",
                "-o",
                "jsonpath={.items[0].status.capacity.storage}"))
        .isEqualTo("2Gi");
    sameInOwn();
  }

  private static void grow(String before) throws Exception {
    installation.kubectl(
        "",
        "patch",
        "storeclass.millrace.dev/postgres-own",
        "--type=merge",
        "-p",
        "{\"spec\":{\"statefulSet\":{\"storage\":\"2Gi\",\"memory\":\"768Mi\"}}}");
    installation.await(
        "another Pod, which answers",
        90,
        () -> {
          Pod now = own.podOf("in-postgres");
          return now != null
              && !now.getMetadata().getUid().equals(before)
              && Readiness.isPodReady(now);
        });
  }

  /** What a store keeps outlasts it, and is there again with one of its name. */
  @Test
  @Order(10)
  void aVolumeThatIsRetainedIsTakenUpAgain() throws Exception {
    long kept = own.count("in-postgres", "first");
    for (String each : List.of("in-postgres", "in-redis")) {
      installation.kubectl("", "delete", "dsub/" + each, "-n", "own-tenant", "--timeout=60s");
    }
    installation.kubectl("", "delete", "st/in-postgres", "-n", "own-tenant", "--timeout=60s");
    installation.await(
        "nothing runs, and nothing is left of what was to go",
        90,
        () ->
            installation
                .kubectl(
                    "",
                    "get",
                    "statefulsets,services,pods,persistentvolumeclaims",
                    "-n",
                    "millrace-stores",
                    "-o",
                    "name")
                .matches("persistentvolumeclaim/data-st-own-tenant-in-postgres-[0-9a-f]+\n"));

    own.subscribe("in-postgres", "postgres-own", "table: {name: second}, reclaimPolicy: Delete");
    own.awaitReady("in-postgres");

    Map<String, Long> expected = PUBLISHED.get("own").in("DE", "FR");
    installation.await(
        "the rows in its own Postgres", 30, () -> own.inPostgres("in-postgres").equals(expected));
    assertThat(own.count("in-postgres", "first")).isEqualTo(kept).isPositive();
  }

  /** Who has the login of before reads on until there is a next one. */
  @Test
  @Order(11)
  void aPasswordIsChangedAndNobodyIsLockedOut() throws Exception {
    Map<String, String> before = installation.secret("team-risk", "eu-orders-credentials");

    installation.page().section("Another password");
    installation.await(
        "another login",
        60,
        () ->
            !installation
                .secret("team-risk", "eu-orders-credentials")
                .get("password")
                .equals(before.get("password")));

    assertThat(installation.page().section("The rows").strip()).isEqualTo("o-1|129.90");
    assertThat(Rows.letsIn(before)).as("of before").isTrue();
    assertThat(installation.secret("team-risk", "eu-orders-credentials"))
        .doesNotContainEntry("username", before.get("username"));
  }

  /** Alice asks, Bob approves less and takes it back. */
  @Test
  @Order(12)
  void anOwnerDecidesWhichRowsAreThere() throws Exception {
    assertThat(installation.page().section("A product whose owner decides"))
        .contains("team-risk/customers", "fraud scoring", "condition met");
    publish(
        "sales.customers",
        Map.of(
            "c-1",
            "{\"customerId\":\"c-1\",\"country\":\"DE\",\"email\":\"ann@example.com\"}",
            "c-2",
            "{\"customerId\":\"c-2\",\"country\":\"US\",\"email\":\"bea@example.com\"}"));
    Map<String, String> secret = installation.secret("team-risk", "customers-credentials");
    installation.await(
        "the row that is granted",
        60,
        () -> Rows.query(secret, "SELECT count(*) FROM customers").equals("1"));
    assertThat(Rows.query(secret, "SELECT \"customerId\" || ' ' || country FROM customers"))
        .isEqualTo("c-1 DE");
    assertThat(Rows.query(secret, "SELECT email FROM customers")).matches("[0-9a-f]{64}");

    installation.page().section("Access that ends");

    installation.await("nobody gets in", 30, () -> !Rows.letsIn(secret));
    assertThat(
            installation.kubectl(
                "",
                "get",
                "secret",
                "customers-credentials",
                "-n",
                "team-risk",
                "--ignore-not-found"))
        .isEmpty();
    installation.kubectl("", "delete", "dsub/customers", "-n", "team-risk", "--timeout=60s");
    installation.kubectl("", "delete", "dp/customers", "-n", "sales", "--timeout=60s");
    assertThat(installation.kubectl("", "get", "ar", "-A")).contains("No resources found");
  }

  /** Read-only: what Git applied is seen, asked about, and changed where it is kept. */
  @Test
  @Order(13)
  void theCatalogShowsWhatIsApplied() throws Exception {
    ClusterCatalog catalog = ClusterCatalog.of(installation);

    catalog.showsWhatIsApplied();
    catalog.answersQuestions();
    catalog.changesNothing();
    catalog.letsNobodyElseIn();
    catalog.hasYamlThatIsAppliedAsItIs();
  }

  @Test
  @Order(14)
  void whatIsDeletedGoes() throws Exception {
    // Those of the third go with its namespaces, in whatever order Kubernetes takes them away.
    for (String name : List.of("git", "reverse")) {
      installation.kubectl("", "delete", "dsub", "--all", "-n", name + "-tenant", "--timeout=60s");
      installation.kubectl("", "delete", "dp", "--all", "-n", name + "-owner", "--timeout=60s");
    }
    installation.kubectl(
        "",
        "delete",
        "ns",
        "git-tenant",
        "git-owner",
        "reverse-tenant",
        "reverse-owner",
        "once-tenant",
        "once-owner",
        "own-tenant",
        "own-owner",
        "--timeout=60s");

    assertThat(installation.kubectl("", "get", "dp,dsub,st", "-A")).doesNotContain("-tenant");
    ClusterCatalog.of(installation).showsOnly("team-risk/eu-orders");
    assertThat(
            installation.kubectl("", "get", "pvc", "-n", "millrace-stores", "-o", "name").lines())
        .as("the first subscription's rows are to stay, whoever came after")
        .singleElement()
        .asString()
        .contains("in-postgres");
  }

  @Test
  @Order(15)
  void howFarItIsIsShownAndComesToRest() throws Exception {
    String status = "{.status.progress.percent} {.status.progress.lagEvents}";
    installation.await(
        "all is told",
        60,
        () ->
            installation
                .kubectl("", "get", "dsub/eu-orders", "-n", "team-risk", "-o", "jsonpath=" + status)
                .equals("100 0"));
    installation.await(
        "its pace is none",
        90,
        () ->
            installation
                .kubectl(
                    "",
                    "get",
                    "dsub/eu-orders",
                    "-n",
                    "team-risk",
                    "-o",
                    "jsonpath={.status.progress.eventsPerSecond}")
                .equals("0"));
  }

  /** Whoever looks at the dashboard sees something, and alerts are of what is told. */
  @Test
  @Order(16)
  void figuresAreThoseThatDashboardAndAlertsAskFor() throws Exception {
    // A counter is told as zero first.
    assertThat(Metrics.of(installation.client()).names()).isNotEmpty();
    Metrics metrics = Metrics.of(installation.client());

    Path helm = Path.of("..", "helm");
    assertThat(metrics.names())
        .containsAll(Metrics.askedFor(helm.resolve("dashboards").resolve("millrace.json")))
        .containsAll(Metrics.askedFor(helm.resolve("rules.yaml")));
    String orders = "subscription=\"eu-orders\",";
    assertThat(metrics.sum("millrace_events_total", orders, "outcome=\"applied\"")).isEqualTo(1);
    assertThat(metrics.sum("millrace_events_total", orders, "outcome=\"filtered\"")).isEqualTo(1);
    assertThat(metrics.sum("millrace_subscription_lag_events", orders)).isZero();
    assertThat(metrics.sum("millrace_operator_leading")).isEqualTo(1);
    assertThat(metrics.sum("millrace_subscriptions", "phase=\"Live\"")).isEqualTo(1);
    assertThat(metrics.sum("millrace_subscriptions_condition", "type=\"Ready\"")).isEqualTo(1);
    assertThat(metrics.sum("millrace_debts")).isZero();
  }

  /** The operator is another then, with the right to write the scale and with nothing else. */
  @Test
  @Order(17)
  void workersAreScaledByTheOperator() throws Exception {
    Outcome upgraded =
        installation
            .helm()
            .run(
                "",
                "upgrade",
                "millrace",
                "../helm",
                "--namespace=millrace-system",
                "--reuse-values",
                "--set=workers.autoscaling.enabled=true",
                "--set=workers.autoscaling.minReplicas=2",
                "--wait",
                "--timeout=2m");
    assertThat(upgraded.code()).as(upgraded.text()).isZero();

    installation.await(
        "two workers in place of one",
        60,
        () ->
            installation
                .kubectl(
                    "",
                    "get",
                    "deployment/millrace-workers",
                    "-n",
                    "millrace-workers",
                    "-o",
                    "jsonpath={.status.readyReplicas}")
                .equals("2"));
  }

  /** Or nothing above would tell anything of it. */
  @Test
  @Order(18)
  void itWasUnderStrain() throws Exception {
    List<JsonNode> asked = Rights.requests(installation.server().audit());

    assertThat(asked)
        .filteredOn(each -> each.path("responseStatus").path("code").asInt() == 429)
        .isNotEmpty();
    assertThat(asked)
        .as("what its watch knew was forgotten")
        .filteredOn(each ->
            each.path("verb").asText().equals("list")
                && each.path("objectRef").path("resource").asText().equals("storeclasses"))
        .hasSizeGreaterThan(1);
  }

  /** No account was refused anything, and none may do what it never does. */
  @Test
  @Order(19)
  void nobodyMayMoreThanWhatIsDone() throws Exception {
    Rights rights = Rights.of(installation);

    // One that is not ready yet does not know of all roles.
    assertThat(rights.refusedBut(crashed, servedAgain)).isEmpty();
    assertThat(rights.used()).isNotEmpty();
    assertThat(rights.unused()).isEmpty();
  }

  @Test
  @Order(20)
  void nothingIsLeftWhenItIsRemoved() throws Exception {
    Outcome refused =
        installation.helm().run("", "uninstall", "millrace", "--namespace=millrace-system");
    assertThat(refused.code()).as(refused.text()).isNotZero();
    assertThat(installation.node().logs())
        .contains(
            "nobody could delete without the operator", "DataSubscription team-risk/eu-orders");
    Outcome back =
        installation
            .helm()
            .run(
                "",
                "rollback",
                "millrace",
                "2",
                "--namespace=millrace-system",
                "--force-conflicts",
                "--wait");
    assertThat(back.code()).as(back.text()).isZero();

    installation.page().section("Remove");

    assertThat(installation.kubectl("", "get", "dp,dsub,st", "-A")).contains("No resources found");
    installation.await(
        "its Pods are gone",
        30,
        () -> installation.kubectl("", "get", "pods", "-A").contains("No resources found"));
    assertThat(installation.kubectl("", "get", "namespaces", "-o", "name"))
        .as("masks can still be computed")
        .contains("millrace-workers", "millrace-stores");
    assertThat(
            installation.kubectl("", "get", "pvc,secrets", "-n", "millrace-stores", "-o", "name"))
        .as("what is retained can still be opened")
        .contains("persistentvolumeclaim/data-st-own-tenant-in-postgres", "secret/millrace-login");
  }
}
