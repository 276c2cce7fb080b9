package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.cluster.Crash;
import dev.millrace.operator.kind.AccessRequest;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Store;
import dev.millrace.stores.network.CommandProxy;
import dev.millrace.stores.network.RequestProxy;
import dev.millrace.stores.network.StatementProxy;
import dev.millrace.testcluster.ApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The operator is stopped after each of its requests to the API server that changes something, and
 * after each of its requests to a store, and another begins: it comes to the same end, and nothing
 * is left over. Behind requests to stores each {@code crash.every}-th is tried, 1 for all; of those
 * that make servers or change passwords each fifth.
 */
class CrashIT {
  private static final int EVERY = Integer.getInteger("crash.every", 29);

  private static final Set<String> OBJECTS =
      Set.of("DataProduct", "DataSubscription", "Store", "binding", "login writer", "login reader");

  /** Of a store whose own server is made and does not come up: nothing runs here. */
  private static final Set<String> STARTING =
      Set.of(
          "DataProduct",
          "DataSubscription",
          "Store",
          "login writer",
          "login reader",
          "login server",
          "server",
          "service",
          "volume");

  private static final List<String> IN_POSTGRES = List.of("database", "role reader", "role writer");
  private static final List<String> IN_REDIS = List.of("keys", "user reader", "user writer");

  /** What readers had before it was changed: it gets them in still. */
  private static final Map<String, Secret> BEFORE = new ConcurrentHashMap<>();

  private static RealCluster cluster;
  private static RequestProxy postgres;
  private static RequestProxy redis;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start();
    postgres = new StatementProxy(cluster.postgresPort());
    redis = new CommandProxy(cluster.redisPort());
    cluster.offer("far-postgres", "Postgres", postgres.port());
    cluster.offer("far-redis", "Redis", redis.port());
    cluster.offerOwn("own");
    // Whoever crashes is not patient, and an API server that has just begun refuses the first
    // lists.
    cluster.operator(cluster.client()).close();
  }

  @AfterAll
  static void stop() throws Exception {
    if (redis != null) {
      redis.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void fromNothingToProvisioned() throws Exception {
    making("made", "postgres", Line.API, IN_POSTGRES);
  }

  @Test
  void fromProvisionedToNothing() throws Exception {
    taking("gone", "postgres", Line.API, CrashIT::isProvisioned);
  }

  @Test
  void behindStatementsThatMake() throws Exception {
    making("made-sql", "far-postgres", Line.to(postgres), IN_POSTGRES);
  }

  @Test
  void behindStatementsOfWhatIsNotWantedAnyMore() throws Exception {
    unmaking("half-sql", "far-postgres", Line.to(postgres), CrashIT::isProvisioned);
  }

  @Test
  void behindStatementsThatTakeAway() throws Exception {
    taking("gone-sql", "far-postgres", Line.to(postgres), CrashIT::isProvisioned);
  }

  @Test
  void behindCommandsThatMake() throws Exception {
    making("made-kv", "far-redis", Line.to(redis), IN_REDIS);
  }

  @Test
  void behindCommandsOfWhatIsNotWantedAnyMore() throws Exception {
    unmaking("half-kv", "far-redis", Line.to(redis), CrashIT::isProvisioned);
  }

  @Test
  void behindCommandsThatTakeAway() throws Exception {
    taking("gone-kv", "far-redis", Line.to(redis), CrashIT::isProvisioned);
  }

  @Test
  void aReadersPasswordIsChanged() throws Exception {
    rotating("turned", "postgres", Line.OWN, IN_POSTGRES);
  }

  @Test
  void behindStatementsThatChangeAPassword() throws Exception {
    rotating("turned-sql", "far-postgres", Line.to(postgres), IN_POSTGRES);
  }

  @Test
  void behindCommandsThatChangeAPassword() throws Exception {
    rotating("turned-kv", "far-redis", Line.to(redis), IN_REDIS);
  }

  @Test
  void aColumnIsAdded() throws Exception {
    altering("altered", "postgres", Line.OWN);
  }

  @Test
  void behindStatementsThatAddAColumn() throws Exception {
    altering("altered-sql", "far-postgres", Line.to(postgres));
  }

  /** The product gets a field. */
  private static void altering(String prefix, String storeClass, Line line) throws Exception {
    TreeSet<String> all = new TreeSet<>(OBJECTS);
    all.addAll(IN_POSTGRES);
    everywhere(
        prefix,
        line,
        new Journey(
            name -> arrived(name, storeClass, CrashIT::isProvisioned),
            name ->
                cluster.apply(
                    RealCluster.product(name)
                        .replace(
                            "total: {type: number}",
                            "total: {type: number}\n      more: {type: string}")),
            CrashIT::isAltered,
            name -> {},
            CrashIT::isAltered,
            all));
  }

  /** In the store, and by the plan that workers have. */
  private static boolean isAltered(String name) throws Exception {
    return RealCluster.reason(cluster.subscription(name), "SchemaCompatible").equals("ColumnsAdded")
        && isProvisioned(name)
        && cluster
            .queryAround(
                cluster.binding(name),
                "SELECT count(*) FROM information_schema.columns WHERE column_name = 'more'")
            .equals("1");
  }

  @Test
  void anOwnerIsAsked() throws Exception {
    everywhere(
        "asked",
        Line.OWN,
        new Journey(
            name -> {},
            CrashIT::applyAsking,
            CrashIT::isAsked,
            name -> {},
            CrashIT::isAsked,
            Set.of("DataProduct", "DataSubscription", "AccessRequest")));
  }

  @Test
  void anOwnerApproves() throws Exception {
    everywhere(
        "approved",
        Line.OWN,
        new Journey(
            CrashIT::asked,
            name -> decide(name, "Approved"),
            CrashIT::isProvisioned,
            name -> {},
            CrashIT::isProvisioned,
            granted()));
  }

  @Test
  void anOwnerRevokes() throws Exception {
    TreeSet<String> stopped = granted();
    stopped.remove("binding");
    everywhere(
        "revoked",
        Line.OWN,
        new Journey(
            CrashIT::approved,
            name -> decide(name, "Revoked"),
            CrashIT::isRevoked,
            name -> {},
            CrashIT::isRevoked,
            stopped));
  }

  @Test
  void behindStatementsThatLockOut() throws Exception {
    TreeSet<String> stopped = granted();
    stopped.remove("binding");
    everywhere(
        "revoked-sql",
        Line.to(postgres),
        new Journey(
            name -> {
              cluster.apply(asking(name));
              cluster.apply(asksFor(name, "far-postgres"));
              approvedOnce(name);
            },
            name -> decide(name, "Revoked"),
            CrashIT::isRevoked,
            name -> {},
            CrashIT::isRevoked,
            stopped));
  }

  @Test
  void whatWasApprovedGoes() throws Exception {
    everywhere(
        "approved-gone",
        Line.OWN,
        new Journey(
            CrashIT::approved,
            CrashIT::delete,
            CrashIT::isGone,
            name -> {},
            CrashIT::isGone,
            Set.of()));
  }

  private static TreeSet<String> granted() {
    TreeSet<String> all = new TreeSet<>(OBJECTS);
    all.addAll(IN_POSTGRES);
    all.add("AccessRequest");
    return all;
  }

  private static String asking(String name) {
    return RealCluster.product(name) + "  accessPolicy: Approval\n";
  }

  private static String asksFor(String name, String storeClass) {
    return asked(name, storeClass) + "  access: {requestedBy: alice}\n";
  }

  private static void applyAsking(String name) {
    cluster.apply(asking(name));
    cluster.apply(asksFor(name, "postgres"));
  }

  private static void asked(String name) throws Exception {
    applyAsking(name);
    try (MillraceOperator operator = cluster.operator(cluster.client())) {
      cluster.await("it is asked", () -> isAsked(name));
    }
  }

  private static void approved(String name) throws Exception {
    applyAsking(name);
    approvedOnce(name);
  }

  private static void approvedOnce(String name) throws Exception {
    try (MillraceOperator operator = cluster.operator(cluster.client())) {
      cluster.await("it is asked", () -> isAsked(name));
      decide(name, "Approved");
      cluster.await("it is there", () -> isProvisioned(name));
    }
    BEFORE.put(name, cluster.binding(name));
  }

  private static boolean isAsked(String name) {
    return RealCluster.reason(cluster.subscription(name), "Approved").equals("ApprovalRequired")
        && requestOf(name)
            .filter(found -> found.getStatus() != null)
            .filter(found -> found.getStatus().path("phase").asText().equals("Pending"))
            .isPresent();
  }

  private static boolean isRevoked(String name) {
    return RealCluster.reason(cluster.subscription(name), "Ready").equals("AccessRevoked")
        && cluster.binding(name) == null
        && cluster
            .subscription(name)
            .map(found -> found.getStatus().path("honoured").path("revoked").asText())
            .filter(token -> !token.isEmpty())
            .isPresent()
        && !cluster.letsIn(BEFORE.get(name));
  }

  private static Optional<AccessRequest> requestOf(String name) {
    List<AccessRequest> requests =
        cluster
            .client()
            .resources(AccessRequest.class)
            .inNamespace(RealCluster.OWNER)
            .withLabel("millrace.dev/subscription", RealCluster.TENANT + "." + name)
            .list()
            .getItems();
    assertThat(requests).as("asked once").hasSizeLessThan(2);
    return requests.stream().findFirst();
  }

  private static void decide(String name, String verdict) {
    AccessRequest request = requestOf(name).orElseThrow();
    cluster
        .client()
        .resource(request)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"decision\":{\"verdict\":\"" + verdict + "\",\"by\":\"bob\"}}}");
  }

  @Test
  void aServerIsMade() throws Exception {
    List<String> made = new ArrayList<>();
    everywhere(
        "own-made",
        Line.OWN,
        new Journey(
            // Whoever begins looks after those there are, too.
            name -> goes(made),
            name -> {
              made.add(name);
              apply(name, "own");
            },
            CrashIT::isStarting,
            name -> {},
            CrashIT::isStarting,
            STARTING));
    goes(made);
  }

  private static void goes(List<String> names) throws Exception {
    try (MillraceOperator operator = cluster.operator(cluster.client())) {
      for (String name : names) {
        delete(name);
        cluster.await("it goes", () -> isGone(name));
      }
    }
    names.clear();
  }

  @Test
  void aServerIsNotWantedAnyMore() throws Exception {
    unmaking("own-half", "own", Line.OWN, CrashIT::isStarting);
  }

  @Test
  void aServerGoes() throws Exception {
    taking("own-gone", "own", Line.OWN, CrashIT::isStarting);
  }

  private static boolean isStarting(String name) {
    return RealCluster.reason(cluster.product(RealCluster.OWNER, name), "Ready")
            .equals("TopicReady")
        && RealCluster.reason(cluster.subscription(name), "Provisioned").equals("StoreStarting")
        && RealCluster.reason(cluster.find(Store.class, RealCluster.TENANT, name), "Ready")
            .equals("StoreStarting");
  }

  /** From nothing to provisioned. */
  private static void making(String prefix, String storeClass, Line line, List<String> made)
      throws Exception {
    TreeSet<String> all = new TreeSet<>(OBJECTS);
    all.addAll(made);
    everywhere(
        prefix,
        line,
        new Journey(
            name -> {},
            name -> apply(name, storeClass),
            CrashIT::isProvisioned,
            name -> {},
            CrashIT::isProvisioned,
            all));
  }

  /** What is half made is not wanted any more. */
  private static void unmaking(String prefix, String storeClass, Line line, Question made)
      throws Exception {
    everywhere(
        prefix,
        line,
        new Journey(
            name -> {},
            name -> apply(name, storeClass),
            made,
            CrashIT::delete,
            CrashIT::isGone,
            Set.of()));
  }

  /** From provisioned to nothing. */
  private static void taking(String prefix, String storeClass, Line line, Question made)
      throws Exception {
    everywhere(
        prefix,
        line,
        new Journey(
            name -> arrived(name, storeClass, made),
            CrashIT::delete,
            CrashIT::isGone,
            name -> {},
            CrashIT::isGone,
            Set.of()));
  }

  /** Whatever the store took, its reader gets in with what the Secret has in the end. */
  private static void rotating(String prefix, String storeClass, Line line, List<String> made)
      throws Exception {
    TreeSet<String> all = new TreeSet<>(OBJECTS);
    all.addAll(made);
    all.add("login turn");
    everywhere(
        prefix,
        line,
        new Journey(
            name -> arrived(name, storeClass, CrashIT::isProvisioned),
            name -> {
              BEFORE.put(name, cluster.binding(name));
              cluster.apply(asked(name, storeClass) + "  requests: {rotate: once}\n");
            },
            CrashIT::isRotated,
            name -> {},
            CrashIT::isRotated,
            all));
  }

  private static boolean isRotated(String name) {
    return cluster
            .subscription(name)
            .map(found -> found.getStatus().path("honoured").path("rotate").asText())
            .filter("once"::equals)
            .isPresent()
        && cluster.isOfNow(name)
        && cluster.letsIn(cluster.binding(name))
        && cluster.letsIn(BEFORE.get(name));
  }

  private static void arrived(String name, String storeClass, Question made) throws Exception {
    try (MillraceOperator operator = cluster.operator(cluster.client())) {
      apply(name, storeClass);
      cluster.await("it is there", () -> made.isSo(name));
    }
  }

  private interface Step {
    void with(String name) throws Exception;
  }

  private interface Question {
    boolean isSo(String name) throws Exception;
  }

  /**
   * @param before what was there already
   * @param step what one operator begins with, and is at when it crashes
   * @param arrived whether it came to its end without
   * @param meanwhile what happens while none runs
   * @param end whether the next has come to its end
   * @param inventory what there is then
   */
  private record Journey(
      Step before,
      Step step,
      Question arrived,
      Step meanwhile,
      Question end,
      Set<String> inventory) {}

  /**
   * Where it crashes.
   *
   * @param every which requests are tried
   * @param behind crashes with the n-th request
   * @param requests those that were made by then
   * @param mend for whoever comes after
   */
  private record Line(
      int every, IntFunction<Crash> behind, Function<Crash, List<String>> requests, Runnable mend) {
    static final Line API = new Line(1, Crash::new, Crash::sites, () -> {});

    /** The same, of which CI tries fewer. */
    static final Line OWN = new Line(Math.min(EVERY, 5), Crash::new, Crash::sites, () -> {});

    static Line to(RequestProxy store) {
      return new Line(
          EVERY,
          n -> {
            Crash crash = Crash.elsewhere();
            store.cutAt(n, crash::now);
            return crash;
          },
          crash -> store.requests(),
          store::mend);
    }
  }

  private static void everywhere(String prefix, Line line, Journey journey) throws Exception {
    List<String> sites = new ArrayList<>();
    int all = 0;
    for (int n = 1; ; n += line.every()) {
      String name = prefix + "-" + n + "-x";
      Set<String> keys = new HashSet<>(cluster.redis("KEYS *"));
      journey.before().with(name);
      Crash crash = line.behind().apply(n);
      try (KubernetesClient client = cluster.server().client(ApiServer.ADMIN, crash);
          MillraceOperator operator = cluster.operator(client)) {
        journey.step().with(name);
        cluster.await(
            "crashed or arrived", () -> crash.hasCrashed() || journey.arrived().isSo(name));
      }
      List<String> requests = line.requests().apply(crash);
      line.mend().run();
      boolean arrived = !crash.hasCrashed();
      all = Math.max(all, arrived ? requests.size() : n);
      if (!arrived) {
        sites.add(n + " " + requests.get(n - 1).replace(name, "NAME"));
      }
      journey.meanwhile().with(name);
      try (MillraceOperator operator = cluster.operator(cluster.client())) {
        cluster.await(
            "arrived after a crash behind " + n + " of " + requests,
            () -> journey.end().isSo(name) && inventory(name, keys).equals(journey.inventory()));
      } catch (AssertionError e) {
        throw new AssertionError("there is " + inventory(name, keys), e);
      }
      assertThat(inventory(name, keys))
          .as("what there is, with a crash behind %d of %s", n, requests)
          .isEqualTo(journey.inventory());
      if (arrived) {
        break;
      }
    }
    System.out.println(
        "crashed behind " + sites.size() + " of " + all + " requests, " + prefix + ":");
    sites.forEach(site -> System.out.println("  " + site));
    assertThat(all).isGreaterThan(1);
    assertThat(sites).hasSize((all + line.every() - 1) / line.every());
  }

  private static void apply(String name, String storeClass) {
    cluster.apply(RealCluster.product(name));
    cluster.apply(asked(name, storeClass));
  }

  private static String asked(String name, String storeClass) {
    return RealCluster.subscription(
        name, name, "{class: %s, reclaimPolicy: Delete}".formatted(storeClass));
  }

  private static void delete(String name) {
    cluster.delete(DataSubscription.class, RealCluster.TENANT, name);
    cluster.delete(DataProduct.class, RealCluster.OWNER, name);
  }

  private static boolean isProvisioned(String name) {
    return RealCluster.reason(cluster.product(RealCluster.OWNER, name), "Ready")
            .equals("TopicReady")
        && cluster.isTrue(name, "Provisioned")
        && cluster.isTrue(name, "CredentialsReady")
        && cluster.binding(name) != null;
  }

  private static boolean isGone(String name) {
    return cluster.subscription(name).isEmpty()
        && cluster.product(RealCluster.OWNER, name).isEmpty()
        && cluster.find(Store.class, RealCluster.TENANT, name).isEmpty();
  }

  /**
   * @param keys those of Redis that were there before
   */
  private static TreeSet<String> inventory(String name, Set<String> keys) throws Exception {
    TreeSet<String> there = new TreeSet<>();
    cluster.subscription(name).ifPresent(found -> there.add(found.getKind()));
    cluster.product(RealCluster.OWNER, name).ifPresent(found -> there.add(found.getKind()));
    cluster
        .find(Store.class, RealCluster.TENANT, name)
        .ifPresent(found -> there.add(found.getKind()));
    requestOf(name).ifPresent(found -> there.add(found.getKind()));
    if (cluster.binding(name) != null) {
      there.add("binding");
    }
    there.addAll(cluster.serverOf(name));
    Stream.of(RealCluster.SYSTEM, RealCluster.WORKERS, RealCluster.STORES)
        .flatMap(namespace ->
            cluster.client().secrets().inNamespace(namespace).list().getItems().stream())
        .filter(secret -> secret.getMetadata().getAnnotations() != null)
        .map(secret -> secret.getMetadata().getAnnotations().get("millrace.dev/reference"))
        .filter(reference -> reference != null && reference.endsWith("/" + name))
        .forEach(reference -> there.add("login " + reference.substring(0, reference.indexOf('/'))));
    String spelt = name.replace('-', '_');
    String like = "'%" + spelt.replace("_", "\\_") + "%'";
    if (!cluster.query("SELECT count(*) FROM pg_database WHERE datname LIKE " + like).equals("0")) {
      there.add("database");
    }
    for (String kind : List.of("reader", "writer")) {
      String roles =
          cluster.query(
              "SELECT count(*) FROM pg_roles WHERE rolname LIKE "
                  + like
                  + " AND rolname LIKE '%"
                  + kind
                  + "%'");
      if (!roles.equals("0")) {
        there.add("role " + kind);
      }
      if (cluster.redis("ACL USERS").stream()
          .anyMatch(user -> user.contains(spelt) && user.contains(kind))) {
        there.add("user " + kind);
      }
    }
    if (!keys.containsAll(cluster.redis("KEYS *"))) {
      there.add("keys");
    }
    return there;
  }
}
