package dev.millrace.operator.access;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.access.AccessRequestSpec;
import dev.millrace.api.access.AccessRequestSpec.Decision;
import dev.millrace.api.access.AccessRequestStatus;
import dev.millrace.needs.access.AccessRequests;
import dev.millrace.needs.access.AccessRequests.Asked;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.kind.AccessRequest;
import dev.millrace.operator.kind.Kind;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The requests of subscriptions: made, found, taken back. Safe to share between threads. */
public final class Approvals {
  /** For people: tenant and name of the subscription. */
  private static final String LABEL = "millrace.dev/subscription";

  private static final int LONGEST_READABLE = 52;
  private static final int DIGITS = 10;

  private final Cluster cluster;
  private final KubernetesClient client;
  private final Applying applying;
  private final Clock clock;

  public Approvals(Cluster cluster, KubernetesClient client, Clock clock) {
    this.cluster = cluster;
    this.client = client;
    this.applying = new Applying(client);
    this.clock = clock;
  }

  /**
   * What a subscription asked a product's owner for so far.
   *
   * @param uid the subscription's
   */
  public List<Asked> of(ObjectKey product, String uid) {
    return those(uid)
        .filter(each -> each.key().tenant().equals(product.tenant()))
        .flatMap(each -> asked(each).stream())
        .filter(each -> product.name().equals(each.spec().product()))
        .filter(each -> uid.equals(each.spec().uid()))
        .toList();
  }

  private Stream<AccessRequest> those(String uid) {
    return cluster.accessRequests().all().stream()
        .filter(each -> !each.isMarkedForDeletion())
        .filter(each -> each.getSpec() != null && uid.equals(each.getSpec().path("uid").asText()));
  }

  private Optional<Asked> asked(AccessRequest request) {
    try {
      AccessRequestSpec spec = request.spec(AccessRequestSpec.class);
      Optional<Instant> counted =
          request.status(AccessRequestStatus.class).map(AccessRequestStatus::expires);
      Optional<Instant> expires =
          Optional.ofNullable(spec.decision()).map(Decision::until).or(() -> counted);
      return Optional.of(
          new Asked(
              request.key().name(),
              request.generation(),
              spec,
              AccessRequests.phase(spec.decision(), expires, clock.instant())));
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }

  /**
   * Asks for what is wanted when nothing speaks for it yet, and takes back what is not wanted any
   * more and nobody has decided.
   *
   * @param answer what speaks for it
   */
  public void ask(ObjectKey product, AccessRequestSpec wanted, Optional<Asked> answer) {
    String name = answer.map(Asked::name).orElseGet(() -> name(wanted));
    takeBack(product, String.valueOf(wanted.uid()), name);
    if (answer.isEmpty()) {
      AccessRequest request = new AccessRequest();
      request.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(product.tenant())
              .withName(name)
              .addToLabels(LABEL, label(wanted))
              .build());
      request.setSpec(Json.STRICT.valueToTree(wanted));
      cluster.accessRequests().wrote(applying.apply(request));
    }
  }

  /** Nobody has to be asked any more. */
  public void takeBack(ObjectKey product, String uid) {
    takeBack(product, uid, "");
  }

  private void takeBack(ObjectKey product, String uid, String butFor) {
    of(product, uid).stream()
        .filter(each -> each.phase() == AccessRequests.Phase.PENDING)
        .filter(each -> !each.name().equals(butFor))
        .flatMap(each ->
            cluster.accessRequests().find(new ObjectKey(product.tenant(), each.name())).stream())
        .forEach(each -> {
          // Unless it was decided at this very moment.
          client
              .resource(each)
              .lockResourceVersion(each.getMetadata().getResourceVersion())
              .delete();
          cluster.accessRequests().deleted(each.key());
        });
  }

  /** The subscription goes, and with it whatever it asked, and what was said. */
  public void forget(String uid) {
    those(uid).map(Kind::key).forEach(this::delete);
  }

  void delete(ObjectKey key) {
    AccessRequest request = new AccessRequest();
    request.setMetadata(
        new ObjectMetaBuilder().withNamespace(key.tenant()).withName(key.name()).build());
    client.resource(request).delete();
    cluster.accessRequests().deleted(key);
  }

  /** The same for the same, so that a crash makes no second one. */
  static String name(AccessRequestSpec wanted) {
    String who = String.valueOf(wanted.subscription()).replace('/', '-');
    String readable = who.substring(0, Math.min(who.length(), LONGEST_READABLE));
    return readable + "-" + digest(Json.STRICT.valueToTree(wanted).toString());
  }

  /** At most 63 characters. */
  private static String label(AccessRequestSpec wanted) {
    String who = String.valueOf(wanted.subscription()).replace('/', '.');
    return who.length() <= 63 ? who : who.substring(0, 62) + "x";
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
