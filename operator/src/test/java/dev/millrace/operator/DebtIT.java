package dev.millrace.operator;

import static dev.millrace.operator.RealCluster.SYSTEM;
import static dev.millrace.operator.RealCluster.TENANT;
import static dev.millrace.operator.RealCluster.product;
import static dev.millrace.operator.RealCluster.subscription;
import static dev.millrace.operator.RealCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.kind.StoreClass;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes while its store does not let it be cleaned: it goes, and is cleaned later. */
class DebtIT {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private RealCluster cluster;
  private MillraceOperator operator;

  @BeforeEach
  void start() throws Exception {
    cluster = RealCluster.startWithControllers();
    operator = cluster.operator(cluster.client(), PATIENCE);
  }

  @AfterEach
  void stop() throws Exception {
    operator.close();
    cluster.close();
  }

  @Test
  void whatGoesWhileItsStoreIsDownIsCleanedWhenTheStoreIsBack() throws Exception {
    provisioned("gone", "{class: postgres, reclaimPolicy: Delete}");
    provisioned("kept", "{class: postgres, reclaimPolicy: Retain}");
    provisioned("shared", "{class: postgres, reclaimPolicy: Delete}");
    provisioned("guest", "{name: shared, reclaimPolicy: Delete}");
    provisioned("stays", "{class: postgres, reclaimPolicy: Delete}");
    provisioned("again", "{class: postgres, reclaimPolicy: Delete}");
    assertThat(databases()).contains("again", "gone", "kept", "shared", "stays");

    cluster.stopPostgres();
    for (String name : List.of("gone", "kept", "guest", "again")) {
      cluster.delete(DataSubscription.class, TENANT, name);
    }
    cluster.await(
        "they go",
        () ->
            List.of("gone", "kept", "guest", "again").stream()
                .allMatch(name -> cluster.subscription(name).isEmpty()));
    cluster.delete(DataSubscription.class, TENANT, "shared");
    cluster.await("so does the last of its store", () -> cluster.subscription("shared").isEmpty());

    assertThat(debts()).hasSize(5);
    assertThat(debts())
        .allSatisfy(debt -> {
          assertThat(debt.getMetadata().getAnnotations())
              .containsKeys("millrace.dev/subscription", "millrace.dev/store")
              .hasEntrySatisfying(
                  "millrace.dev/reason",
                  // The store goes behind what others have there.
                  reason -> assertThat(reason).isIn("StoreUnavailable", "OthersFirst"));
          assertThat(text(debt, "due")).doesNotContain(text(debt, "password"));
        });
    assertThat(cluster.find(Store.class, TENANT, "gone")).isEmpty();
    assertThat(cluster.find(Store.class, TENANT, "kept")).as("its rows stay").isPresent();
    assertThat(cluster.binding("gone")).isNull();

    // One of the same name is there again before the other was cleaned.
    cluster.apply(subscription("again", "again", "{class: postgres, reclaimPolicy: Delete}"));
    // Who pays is another process.
    operator.close();
    operator = cluster.operator(cluster.client(), PATIENCE);
    cluster.startPostgres();

    cluster.await("all debts are paid", 90, () -> debts().isEmpty());
    cluster.await("the other is provisioned", 90, () -> cluster.isTrue("again", "Provisioned"));
    assertThat(databases())
        .contains("postgres", "again", "kept", "stays")
        .doesNotContain("gone", "shared");
    assertThat(roles("gone")).isEmpty();
    assertThat(roles("shared")).isEmpty();
    assertThat(RealCluster.query(cluster.binding("again"), "SELECT count(*) FROM again"))
        .isEqualTo("0");
    assertThat(RealCluster.query(cluster.binding("stays"), "SELECT count(*) FROM stays"))
        .isEqualTo("0");
  }

  @Test
  void aStoreGoesWithWhatItHas() throws Exception {
    store("alone", "Delete");
    store("together", "Delete");
    store("kept", "Retain");
    store("holding", "Delete");
    provisioned("a", "{name: alone, reclaimPolicy: Delete}");
    provisioned("b", "{name: together, reclaimPolicy: Delete}");
    provisioned("c", "{name: together, reclaimPolicy: Delete}");
    provisioned("d", "{name: kept, reclaimPolicy: Delete}");
    provisioned("e", "{name: holding, reclaimPolicy: Retain}");
    provisioned("f", "{name: holding, reclaimPolicy: Delete}");
    provisioned("brought", "{class: postgres, reclaimPolicy: Delete}");
    provisioned("g", "{name: brought, reclaimPolicy: Delete}");
    assertThat(databases()).contains("alone", "together", "kept", "holding", "brought");

    // Its only subscription goes, and then the Store itself.
    gone(DataSubscription.class, "a");
    assertThat(databases()).as("it was declared by itself").contains("alone");
    gone(Store.class, "alone");
    assertThat(databases()).doesNotContain("alone");
    assertThat(roles("alone")).isEmpty();

    // The Store is asked to go first.
    cluster.delete(Store.class, TENANT, "together");
    cluster.delete(DataSubscription.class, TENANT, "b");
    cluster.delete(DataSubscription.class, TENANT, "c");
    cluster.await("both go", () -> cluster.find(Store.class, TENANT, "together").isEmpty());
    assertThat(databases()).doesNotContain("together");

    gone(DataSubscription.class, "d");
    gone(Store.class, "kept");
    assertThat(databases()).as("Retain").contains("kept");

    // One left its rows there.
    gone(DataSubscription.class, "e");
    gone(DataSubscription.class, "f");
    assertThat(cluster.find(Store.class, TENANT, "holding").orElseThrow().getMetadata())
        .satisfies(store ->
            assertThat(store.getAnnotations())
                .containsEntry("millrace.dev/retains", TENANT + "/e"));
    gone(Store.class, "holding");
    assertThat(databases()).as("the rows of one stay").contains("holding");

    // Who brought it goes first.
    gone(DataSubscription.class, "brought");
    assertThat(databases()).contains("brought");
    gone(DataSubscription.class, "g");
    cluster.await("so does it", () -> cluster.find(Store.class, TENANT, "brought").isEmpty());
    assertThat(databases()).doesNotContain("brought");

    // A subscription that has the name of one that was declared by itself.
    store("mine", "Delete");
    provisioned("mine", "{class: postgres, reclaimPolicy: Delete}");
    gone(DataSubscription.class, "mine");
    assertThat(cluster.find(Store.class, TENANT, "mine")).isPresent();
    gone(Store.class, "mine");
    assertThat(databases()).doesNotContain("mine");

    // The last that shares one never was right.
    provisioned("giver", "{class: postgres, reclaimPolicy: Delete}");
    cluster.apply(
        subscription("wrong", "giver", "{name: giver, reclaimPolicy: Delete}")
            + "  filter: event.nothing == 1\n");
    cluster.await("it is told so", () -> cluster.isTrue("wrong", "Stalled"));
    gone(DataSubscription.class, "giver");
    assertThat(databases()).contains("giver");
    gone(DataSubscription.class, "wrong");
    cluster.await("its store goes", () -> cluster.find(Store.class, TENANT, "giver").isEmpty());
    assertThat(databases()).doesNotContain("giver");

    // Two go at the same moment, and each may take the other for one that stays.
    List<String> users = cluster.redis("ACL USERS");
    for (String storeClass : List.of("postgres", "redis")) {
      provisioned("one-" + storeClass, "{class: %s, reclaimPolicy: Delete}".formatted(storeClass));
      provisioned(
          "two-" + storeClass, "{name: one-%s, reclaimPolicy: Delete}".formatted(storeClass));
    }
    for (String each : List.of("one-postgres", "two-postgres", "one-redis", "two-redis")) {
      cluster.delete(DataSubscription.class, TENANT, each);
    }
    cluster.await(
        "they go with their stores",
        () ->
            Stream.of("one-postgres", "one-redis")
                .allMatch(name -> cluster.find(Store.class, TENANT, name).isEmpty()));
    assertThat(databases()).doesNotContain("one_postgres");
    assertThat(roles("_postgres_")).isEmpty();
    assertThat(cluster.redis("ACL USERS")).isEqualTo(users);
    assertThat(debts()).isEmpty();

    // Nobody can be asked: it goes all the same.
    store("lost", "Delete");
    provisioned("h", "{name: lost, reclaimPolicy: Delete}");
    gone(DataSubscription.class, "h");
    cluster.stopPostgres();
    gone(Store.class, "lost");
  }

  private void store(String name, String reclaimPolicy) throws Exception {
    cluster.apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: Store
        metadata: {name: %s, namespace: %s}
        spec: {class: postgres, reclaimPolicy: %s}
        """
            .formatted(name, TENANT, reclaimPolicy));
  }

  private <K extends Kind> void gone(Class<K> kind, String name) throws Exception {
    cluster.delete(kind, TENANT, name);
    cluster.await(name + " goes", () -> cluster.find(kind, TENANT, name).isEmpty());
  }

  @Test
  void aNamespaceGoesWhoseStoreIsDownAndWhoseClassIsGone() throws Exception {
    cluster.apply(passing());
    provisioned("first", "{class: passing, reclaimPolicy: Delete}");
    provisioned("second", "{class: postgres, reclaimPolicy: Delete}");
    cluster.client().resources(StoreClass.class).withName("passing").delete();
    cluster.stopPostgres();

    cluster.client().namespaces().withName(TENANT).delete();

    cluster.await(
        "it goes", 120, () -> cluster.client().namespaces().withName(TENANT).get() == null);
    assertThat(debts()).hasSize(2);
    cluster.startPostgres();
    cluster.await("that of a class is paid", 90, () -> debts().size() == 1);
    cluster.await(
        "the other says what it lacks",
        60,
        () ->
            debts()
                .get(0)
                .getMetadata()
                .getAnnotations()
                .get("millrace.dev/reason")
                .equals("StoreClassMissing"));
    assertThat(databases()).contains("first").doesNotContain("second");

    cluster.apply(passing());

    cluster.await("so is the other", 90, () -> debts().isEmpty());
    assertThat(databases()).doesNotContain("first");
    assertThat(cluster.find(DataProduct.class, RealCluster.OWNER, "first"))
        .as("its product is another tenant's")
        .isPresent();
  }

  private String passing() {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: StoreClass
    metadata: {name: passing}
    spec: {engine: Postgres, provider: Shared, server: "127.0.0.1:%d", adminSecret: postgres-admin}
    """
        .formatted(cluster.postgresPort());
  }

  /** The product has the same name. */
  private void provisioned(String name, String store) throws Exception {
    cluster.apply(product(name));
    cluster.apply(subscription(name, name, store));
    cluster.await("provisioned " + name, () -> cluster.isTrue(name, "Provisioned"));
    cluster.await("its Secret is there", () -> cluster.binding(name) != null);
  }

  private List<Secret> debts() {
    return cluster
        .client()
        .secrets()
        .inNamespace(SYSTEM)
        .withLabel("millrace.dev/debt")
        .list()
        .getItems();
  }

  /** Of stores, by the store's name. */
  private List<String> databases() throws Exception {
    return list(
        "SELECT string_agg(regexp_replace(datname, 'team_risk__(.*)_[0-9a-f]{8}', '\\1'), ',')"
            + " FROM pg_database");
  }

  private List<String> roles(String like) throws Exception {
    return list(
        "SELECT coalesce(string_agg(rolname, ','), '') FROM pg_roles WHERE rolname LIKE '%"
            + like
            + "%'");
  }

  private List<String> list(String sql) throws Exception {
    List<String> all = new ArrayList<>(List.of(cluster.query(sql).split(",")));
    all.remove("");
    return all;
  }
}
