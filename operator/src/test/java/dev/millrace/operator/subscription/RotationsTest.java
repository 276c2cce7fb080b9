package dev.millrace.operator.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.Json;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.kind.StoreClass;
import dev.millrace.operator.store.ClusterOffers;
import dev.millrace.operator.store.Servers;
import dev.millrace.stores.credentials.FileVault;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationsTest {
  private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder;

  private final KubernetesClient neverAsked = new KubernetesClientBuilder().build();
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    neverAsked.close();
  }

  private static <K extends Kind> K of(K kind, String namespace, String name, String spec)
      throws Exception {
    kind.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace.isEmpty() ? null : namespace)
            .withName(name)
            .withCreationTimestamp(MADE.toString())
            .withResourceVersion("1")
            .build());
    kind.setSpec(Json.STRICT.readTree(spec));
    return kind;
  }

  private void offer(String more) throws Exception {
    cluster
        .classes()
        .wrote(of(new StoreClass(), "", "rotating", "{\"provider\":\"External\"" + more + "}"));
  }

  private Rotations after(Duration age) {
    return new Rotations(
        cluster,
        new ClusterOffers(
            cluster.classes(),
            new Servers(
                neverAsked,
                FileVault.open(folder),
                new Servers.Settings("stores", "postgres:18", "redis:7.4"))),
        Clock.fixed(MADE.plus(age), ZoneOffset.UTC));
  }

  private static DataSubscription by(String store) throws Exception {
    return of(new DataSubscription(), "team", "orders", "{\"store\":{" + store + "}}");
  }

  private Optional<Instant> due(int days) throws Exception {
    return after(Duration.ofDays(days)).due(by("\"class\":\"rotating\""));
  }

  @Test
  void eachFullLengthIsAMoment() throws Exception {
    offer(",\"rotateEvery\":\"30d\"");

    assertThat(due(0)).isEmpty();
    assertThat(due(29)).isEmpty();
    assertThat(due(30)).contains(Instant.parse("2026-01-31T00:00:00Z"));
    assertThat(due(59)).contains(Instant.parse("2026-01-31T00:00:00Z"));
    assertThat(due(61)).contains(Instant.parse("2026-03-02T00:00:00Z"));
    assertThat(after(Duration.ofDays(29)).rest(by("\"class\":\"rotating\"")))
        .contains(Duration.ofDays(1));
  }

  /** Passwords were changed on the 90th day; nobody asks for another before the 120th. */
  @Test
  void aScheduleThatIsChangedComesToNoLaterMoment() throws Exception {
    offer(",\"rotateEvery\":\"60d\"");

    assertThat(due(95).orElseThrow()).isBefore(MADE.plus(Duration.ofDays(90)));
    assertThat(due(120)).contains(MADE.plus(Duration.ofDays(120)));
  }

  @Test
  void theClassIsTheStoresWhereThatIsNamed() throws Exception {
    offer(",\"rotateEvery\":\"1h\"");
    cluster.stores().wrote(of(new Store(), "team", "shared", "{\"class\":\"rotating\"}"));

    assertThat(after(Duration.ofMinutes(61)).due(by("\"name\":\"shared\""))).isPresent();
    assertThat(after(Duration.ofMinutes(61)).due(by("\"name\":\"another\""))).isEmpty();
  }

  @Test
  void withoutAScheduleThereIsNone() throws Exception {
    offer("");

    assertThat(due(1000)).isEmpty();
    assertThat(after(Duration.ofDays(1)).rest(by("\"class\":\"rotating\""))).isEmpty();
  }
}
