package dev.millrace.operator;

import static dev.millrace.operator.RealCluster.STORES;
import static dev.millrace.operator.RealCluster.TENANT;
import static dev.millrace.operator.RealCluster.condition;
import static dev.millrace.operator.RealCluster.reason;
import static dev.millrace.operator.RealCluster.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.kind.StoreClass;
import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stores with a server each; that these run is shown where there is a node ({@code image}). */
class OwnServerIT {
  private static RealCluster cluster;
  private static MillraceOperator operator;

  @BeforeAll
  static void start() throws Exception {
    cluster = RealCluster.start();
    cluster.offerOwn("own");
    operator = cluster.operator(cluster.client());
  }

  @AfterAll
  static void stop() throws Exception {
    if (operator != null) {
      operator.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static void declare(String name, String storeClass, String reclaimPolicy) {
    cluster.apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: Store
        metadata: {name: %s, namespace: team-risk}
        spec: {class: %s, reclaimPolicy: %s}
        """
            .formatted(name, storeClass, reclaimPolicy));
  }

  private static Optional<Store> store(String name) {
    return cluster.find(Store.class, TENANT, name);
  }

  private static StatefulSet server(String store) {
    return cluster
        .client()
        .apps()
        .statefulSets()
        .inNamespace(STORES)
        .withLabel("millrace.dev/store", store)
        .list()
        .getItems()
        .get(0);
  }

  private static PersistentVolumeClaim volume(String store) {
    return cluster
        .client()
        .persistentVolumeClaims()
        .inNamespace(STORES)
        .withLabel("millrace.dev/store", store)
        .list()
        .getItems()
        .get(0);
  }

  private static void awaitStarting(String name) throws Exception {
    cluster.await("it starts", () -> reason(store(name), "Ready").equals("StoreStarting"));
  }

  /** As a StatefulSet's controller would, of whose Pods this many are ready. */
  private static void ready(String store, int replicas) {
    cluster
        .client()
        .resource(server(store))
        .editStatus(found -> {
          found.setStatus(
              new StatefulSetStatusBuilder().withReplicas(1).withReadyReplicas(replicas).build());
          return found;
        });
  }

  private static boolean hasLogin(String store) {
    return cluster.client().secrets().inNamespace(STORES).list().getItems().stream()
        .map(each -> each.getMetadata().getAnnotations())
        .anyMatch(annotations ->
            annotations != null
                && ("server/" + TENANT + "/" + store)
                    .equals(annotations.get("millrace.dev/reference")));
  }

  @Test
  void aStoreThatNobodyUsesYetHasItsServerAndSaysWhetherItAnswers() throws Exception {
    declare("alone", "own", "Delete");
    awaitStarting("alone");

    assertThat(cluster.serverOf("alone")).containsExactly("server", "service", "volume");
    assertThat(hasLogin("alone")).isTrue();
    assertThat(condition(store("alone"), "Ready").orElseThrow().path("message").asText())
        .contains("pod/" + server("alone").getMetadata().getName() + "-0 --namespace " + STORES);
    JsonNode status = store("alone").orElseThrow().getStatus();
    assertThat(status.path("host").asText())
        .isEqualTo(server("alone").getMetadata().getName() + "." + STORES + ".svc");
    assertThat(status.path("port").asInt()).isEqualTo(5432);

    ready("alone", 1);
    cluster.await("it answers", () -> reason(store("alone"), "Ready").equals("Provisioned"));
    ready("alone", 0);
    awaitStarting("alone");
  }

  @Test
  void aClassThatIsChangedChangesTheServersThereAre() throws Exception {
    cluster.offerOwn("growing");
    declare("grows", "growing", "Delete");
    awaitStarting("grows");

    cluster.apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: growing}
        spec:
          engine: Postgres
          provider: StatefulSet
          statefulSet: {storage: 1Gi, memory: 2Gi, image: registry.example.org/postgres:18.1}
        """);

    cluster.await(
        "it is changed",
        () ->
            server("grows")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getImage()
                .equals("registry.example.org/postgres:18.1"));
    assertThat(
            server("grows")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getResources()
                .getLimits())
        .containsEntry("memory", new Quantity("2Gi"));
  }

  @Test
  void whatKubernetesRefusesIsSaidOfTheStore() throws Exception {
    var most =
        cluster
            .client()
            .resource(
                new LimitRangeBuilder()
                    .withNewMetadata()
                    .withNamespace(STORES)
                    .withName("most")
                    .endMetadata()
                    .withNewSpec()
                    .addNewLimit()
                    .withType("PersistentVolumeClaim")
                    .addToMax("storage", new Quantity("100Gi"))
                    .endLimit()
                    .endSpec()
                    .build())
            .create();
    cluster.await("it is heeded", () -> !mayHave("101Gi"));
    cluster.apply(
        """
        apiVersion: millrace.dev/v1alpha1
        kind: StoreClass
        metadata: {name: huge}
        spec: {engine: Redis, provider: StatefulSet, statefulSet: {storage: 101Gi}}
        """);
    declare("refused", "huge", "Delete");
    cluster.await("it says so", () -> reason(store("refused"), "Degraded").equals("ServerRefused"));
    assertThat(condition(store("refused"), "Degraded").orElseThrow().path("message").asText())
        .contains("maximum storage usage per PersistentVolumeClaim is 100Gi");
    assertThat(reason(store("refused"), "Ready")).isEqualTo("StoreStarting");

    cluster.client().resource(most).delete();
    cluster.await("it is heeded no more", () -> mayHave("101Gi"));
    declare("refused", "huge", "Retain");

    cluster.await("it is made", () -> condition(store("refused"), "Degraded").isEmpty());
    assertThat(cluster.serverOf("refused")).contains("volume");
  }

  /** What is admitted lags behind what was applied. */
  private static boolean mayHave(String storage) {
    try {
      cluster
          .client()
          .resource(
              new PersistentVolumeClaimBuilder()
                  .withNewMetadata()
                  .withNamespace(STORES)
                  .withName("any")
                  .endMetadata()
                  .withNewSpec()
                  .withAccessModes("ReadWriteOnce")
                  .withNewResources()
                  .addToRequests("storage", new Quantity(storage))
                  .endResources()
                  .endSpec()
                  .build())
          .dryRun()
          .create();
      return true;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** Its subscription waits, and can be deleted: what never came up is not asked. */
  @Test
  void whatNeverComesUpCanGo() throws Exception {
    waitsFor("own", "waits");

    cluster.delete(DataSubscription.class, TENANT, "waits");

    awaitNothingLeft("waits");
  }

  /** Nobody knows any more where it was to be; its Store, which does, goes with it. */
  @Test
  void whatNeverCameUpCanGoWithoutItsClass() throws Exception {
    cluster.offerOwn("fleeting");
    waitsFor("fleeting", "strands");
    cluster.client().resources(StoreClass.class).withName("fleeting").delete();

    cluster.delete(DataSubscription.class, TENANT, "strands");

    awaitNothingLeft("strands");
  }

  private static void waitsFor(String storeClass, String name) throws Exception {
    cluster.apply(RealCluster.product(name));
    cluster.apply(
        subscription(name, name, "{class: %s, reclaimPolicy: Delete}".formatted(storeClass)));
    cluster.await(
        "it waits",
        () -> reason(cluster.subscription(name), "Provisioned").equals("StoreStarting"));
  }

  private static void awaitNothingLeft(String name) throws Exception {
    cluster.await(
        "all has gone",
        () ->
            cluster.subscription(name).isEmpty()
                && store(name).isEmpty()
                && cluster.serverOf(name).isEmpty());
    assertThat(hasLogin(name)).isFalse();
  }

  @Test
  void whatIsRetainedKeepsItsVolumeAndItsLogin() throws Exception {
    declare("kept", "own", "Retain");
    awaitStarting("kept");
    String volume = volume("kept").getMetadata().getUid();

    cluster.delete(Store.class, TENANT, "kept");

    cluster.await(
        "its server has gone",
        () -> store("kept").isEmpty() && !cluster.serverOf("kept").contains("server"));
    assertThat(cluster.serverOf("kept")).containsExactly("volume");
    assertThat(hasLogin("kept")).isTrue();

    declare("kept", "own", "Delete");
    awaitStarting("kept");
    assertThat(volume("kept").getMetadata().getUid()).isEqualTo(volume);

    cluster.delete(Store.class, TENANT, "kept");
    awaitNothingLeft("kept");
  }

  /** A class that has gone takes no server along, and keeps nobody from going. */
  @Test
  void withoutItsClassItRunsOnAndCanGo() throws Exception {
    cluster.offerOwn("passing");
    declare("left", "passing", "Delete");
    awaitStarting("left");

    cluster.client().resources(StoreClass.class).withName("passing").delete();
    assertThat(cluster.serverOf("left")).contains("server");
    cluster.delete(Store.class, TENANT, "left");

    awaitNothingLeft("left");
  }
}
