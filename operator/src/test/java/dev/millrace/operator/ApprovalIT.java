package dev.millrace.operator;

import static dev.millrace.operator.RealCluster.OWNER;
import static dev.millrace.operator.RealCluster.SYSTEM;
import static dev.millrace.operator.RealCluster.TENANT;
import static dev.millrace.operator.RealCluster.condition;
import static dev.millrace.operator.RealCluster.query;
import static dev.millrace.operator.RealCluster.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.kind.AccessRequest;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.testcluster.ApiServer;
import dev.millrace.testcluster.Helm;
import dev.millrace.testcluster.Kubectl;
import dev.millrace.testcluster.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Alice asks, Bob owns the product and decides; the operator is the chart's account, and the
 * chart's policies are at work.
 */
class ApprovalIT {
  private static final String OPERATOR = "system:serviceaccount:" + SYSTEM + ":millrace-operator";

  private static RealCluster cluster;
  private static KubernetesClient client;
  private static MillraceOperator operator;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start();
    kubectl = new Kubectl(cluster.server(), ApiServer.ADMIN);
    Outcome policies =
        new Helm(cluster.server(), ApiServer.ADMIN)
            .run(
                "",
                "template",
                "millrace",
                Path.of("..", "helm").toString(),
                "--namespace=" + SYSTEM,
                "--set=kafka.bootstrapServers=kafka:9092",
                "--show-only=templates/approvals.yaml");
    assertThat(policies.code()).as(policies.text()).isZero();
    well(kubectl.run(policies.text(), "apply", "-f", "-"));
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(cluster.client().getConfiguration())
                    .withImpersonateUsername(OPERATOR)
                    .withImpersonateGroups("system:masters")
                    .build())
            .build();
    operator = cluster.operator(client);
    awaitPolicies();
  }

  /** The API server takes a moment to hear of them. */
  private static void awaitPolicies() throws Exception {
    cluster.apply(product("probe"));
    cluster.await(
        "the policies are at work",
        () ->
            as(
                        "mallory",
                        subscription("probe", "probe", "alice", ""),
                        "apply",
                        "--dry-run=server",
                        "-f",
                        "-")
                    .code()
                != 0);
  }

  @AfterAll
  static void stop() throws Exception {
    if (operator != null) {
      operator.close();
    }
    if (client != null) {
      client.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String well(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.text()).isZero();
    return outcome.text();
  }

  private static Outcome as(String user, String input, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--as=" + user;
    all[arguments.length + 1] = "--as-group=system:masters";
    return kubectl.run(input, all);
  }

  private static String product(String name) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataProduct
    metadata: {name: %s, namespace: sales}
    spec:
      accessPolicy: Approval
      classifications: {email: Personal}
      key: id
      schema:
        type: object
        properties:
          id: {type: string}
          country: {type: string}
          email: {type: string}
          meta: {type: object}
        required: [id]
    """
        .formatted(name);
  }

  /**
   * @param rest further lines of the spec
   */
  private static String subscription(String name, String product, String asks, String rest) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: DataSubscription
    metadata: {name: %s, namespace: team-risk}
    spec:
      product: sales/%s
      access: {purpose: fraud scoring, requestedBy: %s}
      store: {class: postgres, reclaimPolicy: Delete}
    %s\
    """
        .formatted(name, product, asks, rest.indent(2));
  }

  /** As alice. */
  private static void ask(String name, String rest) throws Exception {
    cluster.apply(product(name));
    asksNow(name, rest);
    cluster.await(
        "it waits",
        () -> reason(cluster.subscription(name), "Approved").equals("ApprovalRequired"));
    cluster.await("it is asked", () -> !requests(name).isEmpty());
  }

  private static List<AccessRequest> requests(String subscription) {
    return cluster
        .client()
        .resources(AccessRequest.class)
        .inNamespace(OWNER)
        .withLabel("millrace.dev/subscription", TENANT + "." + subscription)
        .list()
        .getItems();
  }

  private static Outcome decide(String user, AccessRequest request, String decision)
      throws Exception {
    return as(
        user,
        "",
        "patch",
        "accessrequest",
        request.key().name(),
        "-n",
        OWNER,
        "--type=merge",
        "-p",
        "{\"spec\":{\"decision\":" + decision + "}}");
  }

  /** As bob, of the only request there is. */
  private static void decide(String name, String verdict, String rest) throws Exception {
    List<AccessRequest> requests = requests(name);
    assertThat(requests).hasSize(1);
    well(decide("bob", requests.get(0), decision("bob", verdict, rest)));
  }

  private static String decision(String by, String verdict, String rest) {
    return "{\"verdict\":\"" + verdict + "\",\"by\":\"" + by + "\"" + rest + "}";
  }

  private static void awaitGranted(String name) throws Exception {
    cluster.await(
        "it is provisioned",
        () ->
            reason(cluster.subscription(name), "Approved").equals("Granted")
                && cluster.isTrue(name, "Provisioned")
                && cluster.binding(name) != null);
  }

  /** Asked by alice, approved by bob as it was asked. */
  private static Secret granted(String name, String rest) throws Exception {
    ask(name, rest);
    decide(name, "Approved", "");
    awaitGranted(name);
    return cluster.binding(name);
  }

  /** As alice: the same subscription with another rest. */
  private static void asksNow(String name, String rest) throws Exception {
    well(as("alice", subscription(name, name, "alice", rest), "apply", "-f", "-"));
  }

  private static void awaitStopped(String name, String reason) throws Exception {
    cluster.await(
        "it is stopped",
        () ->
            reason(cluster.subscription(name), "Ready").equals(reason)
                && phase(name).equals("Stopped")
                && cluster.binding(name) == null);
  }

  private static String phase(String name) {
    return cluster.subscription(name).orElseThrow().getStatus().path("phase").asText();
  }

  private static String columns(Secret secret, String table) throws Exception {
    return query(
        secret,
        "SELECT string_agg(column_name, ' ' ORDER BY ordinal_position)"
            + " FROM information_schema.columns WHERE table_name = '"
            + table
            + "'");
  }

  @Test
  void whatIsApprovedIsProvisionedAndWhatIsRevokedStops() throws Exception {
    ask("whole", "");
    assertThat(cluster.binding("whole")).isNull();
    assertThat(phase("whole")).isEqualTo("Pending");
    assertThat(condition(cluster.subscription("whole"), "Stalled")).as("it may come").isEmpty();
    AccessRequest request = requests("whole").get(0);
    assertThat(request.getSpec().path("fields").findValuesAsText("path"))
        .containsExactly("country", "email", "id", "meta");
    assertThat(request.getSpec().path("requestedBy").asText()).isEqualTo("alice");
    cluster.await(
        "it says who decides",
        () ->
            requests("whole").get(0).getStatus() != null
                && requests("whole").get(0).getStatus().path("phase").asText().equals("Pending"));

    decide("whole", "Approved", ",\"fields\":[\"id\",\"email\"],\"masks\":{\"email\":\"Hash\"}");
    awaitGranted("whole");
    Secret first = cluster.binding("whole");
    assertThat(columns(first, "whole")).isEqualTo("email id");
    assertThat(
            condition(cluster.subscription("whole"), "Approved")
                .orElseThrow()
                .get("message")
                .asText())
        .contains("bob", request.key().name());

    decide("whole", "Revoked", ",\"reason\":\"the audit is over\"");
    awaitStopped("whole", "AccessRevoked");
    assertThat(cluster.letsIn(first)).as("the login that was known").isFalse();
    assertThat(
            condition(cluster.subscription("whole"), "Ready").orElseThrow().get("message").asText())
        .contains("the audit is over", request.key().name());
    assertThat(cluster.isTrue("whole", "Stalled")).isTrue();

    decide("whole", "Approved", ",\"fields\":[\"id\",\"email\"],\"masks\":{\"email\":\"Hash\"}");
    awaitGranted("whole");
    cluster.await("it runs", () -> !phase("whole").equals("Stopped"));
    assertThat(cluster.letsIn(cluster.binding("whole"))).isTrue();
    assertThat(cluster.letsIn(first)).as("nor ever again").isFalse();

    cluster.delete(DataSubscription.class, TENANT, "whole");
    cluster.await("it goes", () -> cluster.subscription("whole").isEmpty());
    assertThat(requests("whole")).as("and what it asked").isEmpty();
  }

  /** A second login was known, too. */
  @Test
  void bothLoginsOfAReaderAreTakenAway() throws Exception {
    Secret first = granted("turns", "");
    well(
        as(
            "alice",
            "",
            "patch",
            "dsub/turns",
            "-n",
            TENANT,
            "--type=merge",
            "-p",
            "{\"spec\":{\"requests\":{\"rotate\":\"first\"}}}"));
    cluster.await(
        "the other's turn", () -> !cluster.binding("turns").getData().equals(first.getData()));
    Secret second = cluster.binding("turns");
    assertThat(cluster.letsIn(first)).isTrue();

    decide("turns", "Revoked", "");
    awaitStopped("turns", "AccessRevoked");

    assertThat(cluster.letsIn(first)).isFalse();
    assertThat(cluster.letsIn(second)).isFalse();
  }

  @Test
  void whatIsOverStops() throws Exception {
    ask("brief", "");
    decide("brief", "Approved", ",\"until\":\"" + Instant.now().plusSeconds(4) + "\"");
    awaitGranted("brief");
    Secret known = cluster.binding("brief");

    awaitStopped("brief", "AccessExpired");

    assertThat(cluster.letsIn(known)).isFalse();
    assertThat(requests("brief").get(0).getStatus().path("phase").asText()).isEqualTo("Expired");
    decide("brief", "Approved", ",\"until\":\"" + Instant.now().plusSeconds(3600) + "\"");
    awaitGranted("brief");
  }

  @Test
  void whoeverAsksForMoreGoesOnWithWhatIsGranted() throws Exception {
    granted("more", "select: [{field: id}]");

    asksNow("more", "select: [{field: id}, {field: country}]");
    cluster.await("it is asked again", () -> requests("more").size() == 2);
    cluster.await(
        "it goes on meanwhile",
        () -> reason(cluster.subscription("more"), "Degraded").equals("ApprovalRequired"));
    assertThat(cluster.letsIn(cluster.binding("more"))).isTrue();
    AccessRequest pending = pending("more");
    well(decide("bob", pending, decision("bob", "Approved", "")));

    cluster.await("it has both", () -> !cluster.isTrue("more", "Degraded"));
    assertThat(
            condition(cluster.subscription("more"), "Approved")
                .orElseThrow()
                .get("message")
                .asText())
        .contains(pending.key().name());
  }

  private static AccessRequest pending(String subscription) {
    return requests(subscription).stream()
        .filter(each -> !each.getSpec().has("decision"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whoWasDeniedMayAskForLess() throws Exception {
    ask("less", "");
    decide("less", "Denied", ",\"reason\":\"no addresses\"");
    cluster.await(
        "it is said", () -> reason(cluster.subscription("less"), "Ready").equals("AccessDenied"));
    assertThat(cluster.isTrue("less", "Stalled")).isTrue();

    asksNow("less", "select: [{field: id}]");
    cluster.await(
        "it waits again",
        () -> reason(cluster.subscription("less"), "Ready").equals("ApprovalRequired"));
    well(decide("bob", pending("less"), decision("bob", "Approved", "")));

    awaitGranted("less");
  }

  /** Nobody decides about what nobody wants any more. */
  @Test
  void whatIsNotWantedAnyMoreIsTakenBack() throws Exception {
    ask("fickle", "");
    String first = requests("fickle").get(0).key().name();

    asksNow("fickle", "filter: event.country == 'DE'");

    cluster.await(
        "another one in its place",
        () -> {
          List<AccessRequest> now = requests("fickle");
          return now.size() == 1 && !now.get(0).key().name().equals(first);
        });
    cluster.apply(product("fickle").replace("Approval", "Open"));
    cluster.await("nobody has to be asked", () -> cluster.isTrue("fickle", "Provisioned"));
    cluster.await("none", () -> requests("fickle").isEmpty());
  }

  /** As one that was made when nobody had to be asked, so nobody says who asks. */
  @Test
  void whatRanBeforeGoesOnUntilSomebodySaysNo() throws Exception {
    cluster.apply(product("changed").replace("Approval", "Open"));
    String nameless =
        subscription("changed", "changed", "alice", "").replace(", requestedBy: alice", "");
    well(as("alice", nameless, "apply", "-f", "-"));
    cluster.await(
        "it runs",
        () -> cluster.isTrue("changed", "Provisioned") && cluster.binding("changed") != null);
    Secret known = cluster.binding("changed");

    cluster.apply(product("changed"));
    cluster.await(
        "it is asked, and goes on",
        () -> reason(cluster.subscription("changed"), "Degraded").equals("ApprovalRequired"));
    cluster.await("the request is there", () -> requests("changed").size() == 1);
    for (String description : List.of("one", "two")) {
      cluster.apply(product("changed") + "  description: " + description + "\n");
      TimeUnit.SECONDS.sleep(1);
    }
    operator.close();
    operator = cluster.operator(client);
    TimeUnit.SECONDS.sleep(1);
    assertThat(cluster.letsIn(known)).as("looked at again, and again").isTrue();
    assertThat(cluster.binding("changed")).isNotNull();

    Outcome approved = decide("bob", requests("changed").get(0), decision("bob", "Approved", ""));
    assertThat(approved.code()).isNotZero();
    assertThat(approved.text()).contains("nobody says who asks");
    decide("changed", "Denied", "");
    awaitStopped("changed", "AccessDenied");
    assertThat(cluster.letsIn(known)).isFalse();
  }

  /** What is there is more than is granted, until it is built anew: nobody builds here. */
  @Test
  void whatIsNarrowedIsNotReadBeforeItIsBuiltAnew() throws Exception {
    Secret known = granted("narrow", "");

    decide("narrow", "Approved", ",\"masks\":{\"email\":\"Hash\"}");
    cluster.await(
        "nobody reads it",
        () ->
            cluster.binding("narrow") == null
                && reason(cluster.subscription("narrow"), "Approved").equals("GrantNarrowed"));
    assertThat(cluster.letsIn(known)).isFalse();

    decide("narrow", "Approved", ",\"masks\":null");
    awaitGranted("narrow");
    Secret second = cluster.binding("narrow");
    assertThat(cluster.letsIn(second)).isTrue();
    decide("narrow", "Approved", ",\"masks\":{\"email\":\"Hash\"}");
    cluster.await("nobody reads it again", () -> cluster.binding("narrow") == null);
    cluster.await("by that login neither", () -> !cluster.letsIn(second));
  }

  /** The API server does not take every request that a subscription comes to. */
  @Test
  void whoCannotBeAskedForIsEndedAllTheSame() throws Exception {
    Secret known = granted("deep", "select: [{field: id}]");
    String tooLong = "filter: has(event.meta." + "x".repeat(501) + ")\nselect: [{field: id}]";
    asksNow("deep", tooLong);
    cluster.await(
        "it is said",
        () ->
            condition(cluster.subscription("deep"), "Degraded")
                .filter(each -> each.path("message").asText().contains("could not be asked"))
                .isPresent());
    assertThat(cluster.letsIn(known)).as("what is granted goes on").isTrue();

    decide("deep", "Revoked", "");

    awaitStopped("deep", "AccessRevoked");
    assertThat(cluster.letsIn(known)).isFalse();
  }

  /** Also when nobody was at work as it came. */
  @Test
  void whatWasRevokedWhileNobodyWasAtWorkStops() throws Exception {
    Secret known = granted("absent", "");
    operator.close();
    try {
      decide("absent", "Revoked", "");
    } finally {
      operator = cluster.operator(client);
    }

    awaitStopped("absent", "AccessRevoked");
    assertThat(cluster.letsIn(known)).isFalse();
  }

  @Test
  void aRequestThatIsDeletedGrantsNothingAnyMore() throws Exception {
    Secret known = granted("lost", "");

    cluster.client().resource(requests("lost").get(0)).delete();

    awaitStopped("lost", "ApprovalRequired");
    assertThat(cluster.letsIn(known)).isFalse();
    cluster.await("it is asked anew", () -> requests("lost").size() == 1);
  }

  @Test
  void anOwnerHearsWhatCannotBeMeant() throws Exception {
    ask("meant", "");
    decide("meant", "Approved", ",\"rowFilter\":\"event.region == 'EU'\"");

    cluster.await(
        "the owner is told",
        () -> reason(requests("meant").stream().findFirst(), "Approved").equals("DecisionInvalid"));
    cluster.await(
        "so is who asked",
        () -> reason(cluster.subscription("meant"), "Ready").equals("GrantInvalid"));
    decide("meant", "Approved", ",\"rowFilter\":null,\"masks\":{\"emial\":\"Hash\"}");
    cluster.await(
        "a mask that hides nothing",
        () ->
            condition(requests("meant").stream().findFirst(), "Approved")
                .filter(each -> each.path("message").asText().contains("emial"))
                .isPresent());
    TimeUnit.SECONDS.sleep(1);
    assertThat(cluster.binding("meant")).isNull();
  }

  /** Two were approved: the one that grants what is wanted speaks for it. */
  @Test
  void whatOneGrantsAnotherDoesNotTakeAway() throws Exception {
    granted("both", "select: [{field: id}, {field: country}]");
    String more = "select: [{field: id}, {field: country}, {field: email}]";
    asksNow("both", more);
    cluster.await("it is asked again", () -> requests("both").size() == 2);
    well(decide("bob", pending("both"), decision("bob", "Approved", ",\"fields\":[\"id\"]")));
    cluster.await(
        "less than it wants",
        () -> reason(cluster.subscription("both"), "Degraded").equals("NotGranted"));

    String less = "select: [{field: id}, {field: country}]";
    asksNow("both", less);

    cluster.await("the first holds", () -> !cluster.isTrue("both", "Degraded"));
    assertThat(cluster.binding("both")).isNotNull();
  }

  /** What a tenant's own cannot be named by another, and what is at rest writes nothing. */
  @Test
  void itsOwnNamespaceIsNotAsked() throws Exception {
    cluster.apply(product("home"));
    cluster.apply(
        subscription("home", "home", "alice", "")
            .replace("namespace: team-risk", "namespace: sales")
            .replace("  access: {purpose: fraud scoring, requestedBy: alice}\n", ""));

    cluster.await(
        "it is there",
        () ->
            condition(cluster.find(DataSubscription.class, OWNER, "home"), "Provisioned")
                .filter(each -> each.get("status").asText().equals("True"))
                .isPresent());
  }

  @Test
  void whatIsGrantedIsAtRest() throws Exception {
    ask("resting", "");
    decide("resting", "Approved", ",\"until\":\"2099-01-01T00:00:00Z\"");
    awaitGranted("resting");
    TimeUnit.SECONDS.sleep(1);
    String before = versions();

    operator.close();
    operator = cluster.operator(client);
    TimeUnit.SECONDS.sleep(3);

    assertThat(versions()).isEqualTo(before);
  }

  private static String versions() {
    return cluster.subscription("resting").orElseThrow().getMetadata().getResourceVersion()
        + " "
        + requests("resting").get(0).getMetadata().getResourceVersion();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice | alice | whoever asked does not decide",
        "bob | carol | decision.by is who decides: write bob",
        OPERATOR + " | " + OPERATOR + " | the platform asks, and does not decide",
      })
  void nobodyDecidesInAnothersName(String row) throws Exception {
    String[] each = row.split(" \\| ");
    String name = "names-" + Integer.toHexString(row.hashCode() & 0xffff);
    ask(name, "");

    Outcome refused = decide(each[0], requests(name).get(0), decision(each[1], "Approved", ""));

    assertThat(refused.code()).isNotZero();
    assertThat(refused.text()).contains(each[2]);
    assertThat(requests(name).get(0).getSpec().has("decision")).isFalse();
  }

  @Test
  void nobodyButThePlatformAsks() throws Exception {
    String request =
        """
        apiVersion: millrace.dev/v1alpha1
        kind: AccessRequest
        metadata: {name: forged, namespace: sales}
        spec: {product: probe, subscription: team-risk/forged, uid: u, requestedBy: alice, fields: [{path: id}]}
        """;

    Outcome refused = as("bob", request, "apply", "-f", "-");

    assertThat(refused.code()).isNotZero();
    assertThat(refused.text()).contains("access is asked for by the platform");
  }

  @Test
  void whatWasAskedStaysWhatItIs() throws Exception {
    ask("fixed", "");

    Outcome refused =
        as(
            "bob",
            "",
            "patch",
            "accessrequest",
            requests("fixed").get(0).key().name(),
            "-n",
            OWNER,
            "--type=merge",
            "-p",
            "{\"spec\":{\"requestedBy\":\"carol\"}}");

    assertThat(refused.code()).isNotZero();
    assertThat(refused.text()).contains("requestedBy cannot be changed");
    decide("fixed", "Approved", "");
    List<AccessRequest> decided = requests("fixed");
    Outcome takenBack =
        as(
            "bob",
            "",
            "patch",
            "accessrequest",
            decided.get(0).key().name(),
            "-n",
            OWNER,
            "--type=json",
            "-p",
            "[{\"op\":\"remove\",\"path\":\"/spec/decision\"}]");
    assertThat(takenBack.code()).isNotZero();
    assertThat(takenBack.text()).contains("Revoked or Denied");
  }

  @Test
  void nobodyAsksInAnothersName() throws Exception {
    cluster.apply(product("own"));

    Outcome refused = as("mallory", subscription("own", "own", "alice", ""), "apply", "-f", "-");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.text()).contains("spec.access.requestedBy is who asks: write mallory");

    asksNow("own", "");
    Outcome changed =
        as(
            "bob",
            "",
            "patch",
            "dsub/own",
            "-n",
            TENANT,
            "--type=merge",
            "-p",
            "{\"spec\":{\"filter\":\"event.country == 'DE'\"}}");
    assertThat(changed.code()).as("who approves could ask by that").isNotZero();
    Outcome paused =
        as(
            "bob",
            "",
            "patch",
            "dsub/own",
            "-n",
            TENANT,
            "--type=merge",
            "-p",
            "{\"spec\":{\"state\":\"Paused\"}}");
    assertThat(paused.code()).as(paused.text()).isZero();
  }
}
