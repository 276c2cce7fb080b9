package dev.millrace.operator;

import static dev.millrace.operator.RealCluster.SYSTEM;
import static dev.millrace.operator.RealCluster.TENANT;
import static dev.millrace.operator.RealCluster.product;
import static dev.millrace.operator.RealCluster.subscription;
import static dev.millrace.operator.RealCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.kind.StoreClass;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
