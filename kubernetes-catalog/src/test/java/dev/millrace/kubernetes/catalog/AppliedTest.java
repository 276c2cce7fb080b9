package dev.millrace.kubernetes.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.Resource;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AppliedTest {
  private static final String NEED =
      """
      apiVersion: millrace.dev/v1alpha1
      kind: DataSubscription
      metadata:
        name: eu-orders
        namespace: team-risk
        uid: 1-2-3
        generation: 4
        creationTimestamp: "2026-11-28T10:00:00Z"
        deletionTimestamp: "2026-11-28T11:00:00Z"
      spec: {product: sales/orders, store: {class: postgres}, aFieldOfLater: 1}
      """;

  private static GenericKubernetesResource object(String yaml) {
    return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
  }

  @Test
  void anObjectIsWhatWasAppliedWithWhatIsSaidOfIt() throws Exception {
    Resource<DataSubscriptionSpec, SubscriptionStatus> read =
        Applied.of(
            object(NEED + "status: {phase: Live, observedGeneration: 4}\n"),
            DataSubscriptionSpec.class,
            SubscriptionStatus.class);

    assertThat(read.metadata().namespace()).isEqualTo("team-risk");
    assertThat(read.metadata().generation()).isEqualTo(4);
    assertThat(read.metadata().creationTimestamp())
        .isEqualTo(Instant.parse("2026-11-28T10:00:00Z"));
    assertThat(read.metadata().deletionTimestamp())
        .isEqualTo(Instant.parse("2026-11-28T11:00:00Z"));
    assertThat(read.spec().store().storeClass()).isEqualTo("postgres");
    assertThat(read.status().phase()).isEqualTo("Live");
  }

  @Test
  void whatNobodyHasLookedAtHasNoStatus() throws Exception {
    assertThat(
            Applied.of(object(NEED), DataSubscriptionSpec.class, SubscriptionStatus.class).status())
        .isNull();
  }

  @Test
  void whatIsOfAnotherFormIsSaidToBeSo() {
    assertThatThrownBy(() ->
            Applied.of(
                object(NEED.replace("{class: postgres}", "[1, 2]")),
                DataSubscriptionSpec.class,
                SubscriptionStatus.class))
        .isInstanceOf(Applied.Undecodable.class)
        .hasMessageContaining("spec cannot be read");
  }
}
