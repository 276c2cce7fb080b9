package dev.millrace.operator.cluster;

import dev.millrace.api.status.Condition;
import dev.millrace.operator.kind.Kind;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * What became of an object, for a person who asks {@code kubectl describe}: an Event for each turn
 * of a condition. One that is lost is lost; the condition itself is in the status.
 */
public final class Events {
  private static final Logger LOG = Logger.getLogger(Events.class);
  private static final String REPORTER = "millrace.dev/operator";
  private static final int LONGEST_NOTE = 1000;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** The others say in more detail why these are what they are. */
  private static final Set<String> TOLD =
      Set.of(Condition.Types.READY, Condition.Types.DEGRADED, "Stalled");

  private final KubernetesClient client;
  private final Clock clock;

  public Events(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Tells of the conditions that turned, or have another reason. What is going tells nothing: its
   * namespace may be going, too.
   *
   * @param isTrouble of a condition as it is now
   */
  public void tell(
      Kind about, List<Condition> before, List<Condition> now, Predicate<Condition> isTrouble) {
    if (about.isMarkedForDeletion()) {
      return;
    }
    for (Condition condition : now) {
      if (TOLD.contains(condition.type()) && hasTurned(before, condition)) {
        say(event(about, condition, isTrouble.test(condition)));
      }
    }
  }

  /** That nothing is wrong is news when something was. */
  private static boolean hasTurned(List<Condition> before, Condition now) {
    Optional<Condition> then =
        before.stream().filter(each -> each.type().equals(now.type())).findFirst();
    boolean matters =
        now.type().equals(Condition.Types.READY)
            || now.isTrue()
            || then.map(Condition::isTrue).orElse(false);
    boolean same =
        then.isPresent()
            && then.get().status().equals(now.status())
            && Objects.equals(then.get().reason(), now.reason());
    return matters && !same;
  }

  private void say(Event event) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warnf("not told reason=%s: %s", event.getReason(), e.getMessage());
    }
  }

  /** The API server counts bytes. */
  private static String fitting(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_NOTE
        ? message
        : new String(bytes, 0, LONGEST_NOTE, StandardCharsets.UTF_8);
  }

  private Event event(Kind about, Condition condition, boolean isTrouble) {
    String message = String.valueOf(condition.message());
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(about.key().tenant())
        .withGenerateName(about.key().name() + "-")
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(clock.instant())))
        .withReportingController(REPORTER)
        .withReportingInstance(REPORTER)
        .withAction(condition.type())
        .withReason(condition.reason())
        .withType(isTrouble ? "Warning" : "Normal")
        .withNote(fitting(message))
        .withNewRegarding()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(about.key().tenant())
        .withName(about.key().name())
        .withUid(about.getMetadata().getUid())
        .endRegarding()
        .build();
  }
}
