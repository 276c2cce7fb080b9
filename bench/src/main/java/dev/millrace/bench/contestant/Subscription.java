package dev.millrace.bench.contestant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Query;
import dev.millrace.outside.Eventually;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One need, declared over REST as users do. */
final class Subscription implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(8);

  private final Site site;
  private final String name;
  private final Stream stream;
  private final Query query;
  private final Target target;
  private String uid = "";
  private String start = "Beginning";

  Subscription(Site site, String name, Stream stream, Query query, Target target) {
    this.site = site;
    this.name = name;
    this.stream = stream;
    this.query = query;
    this.target = target;
  }

  /** Nothing of what was published before it is declared. */
  Subscription fromNow() {
    start = "Now";
    return this;
  }

  Subscription declare() throws IOException, InterruptedException {
    return declare("Running");
  }

  /**
   * @param state Running or Paused
   */
  Subscription declare(String state) throws IOException, InterruptedException {
    String spec =
        """
        product: %s/%s
        startFrom: {type: %s}
        onError: {policy: DeadLetter}
        state: %s
        store: {%s, reclaimPolicy: Delete}
        """
            .formatted(
                Site.TENANT, stream.product(), start, state, target.yaml(name.replace('-', '_')));
    String yaml =
        """
        apiVersion: millrace.dev/v1alpha1
        kind: DataSubscription
        metadata: {name: %s}
        spec:
        """
            .formatted(name);
    JsonNode made = site.rest().put(path(), yaml + (spec + query.yaml()).indent(2));
    uid = made.at("/metadata/uid").asText();
    return this;
  }

  String uid() {
    return uid;
  }

  Stream stream() {
    return stream;
  }

  Target target() {
    return target;
  }

  String table() {
    return "public." + name.replace('-', '_');
  }

  private String path() {
    return "tenants/" + Site.TENANT + "/subscriptions/" + name;
  }

  void awaitReady() {
    await("Ready");
  }

  /** Its table and cursors are there. */
  void awaitProvisioned() {
    await("Provisioned");
  }

  private void await(String condition) {
    Eventually.await(name + " is " + condition, PATIENCE, () -> holds(condition));
  }

  private boolean holds(String condition) throws IOException, InterruptedException {
    return condition(condition).path("status").asText().equals("True");
  }

  /** Since when its table and cursors have been there, by the platform's clock. */
  Instant provisioned() throws IOException, InterruptedException {
    return Instant.parse(condition("Provisioned").path("lastTransitionTime").asText());
  }

  /** Missing when there is none. */
  private JsonNode condition(String type) throws IOException, InterruptedException {
    for (JsonNode each : site.rest().get(path()).body().at("/status/conditions")) {
      if (each.path("type").asText().equals(type)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  /**
   * @throws Eventually.Never with what it says, when it will not go on
   */
  void failIfStopped() throws IOException, InterruptedException {
    if (phase().equals("Failed")) {
      throw new Eventually.Never(
          name + " stopped: " + condition("Degraded").path("message").asText());
    }
  }

  boolean isPaused() throws IOException, InterruptedException {
    return phase().equals("Paused");
  }

  private String phase() throws IOException, InterruptedException {
    return site.rest().get(path()).body().at("/status/phase").asText();
  }

  List<String> wrong(long events) throws Exception {
    return target.wrong(site, query, table(), stream, events);
  }

  List<String> wrong(Stream of, long first, long events) throws Exception {
    return target.wrong(site, query, table(), of, first, events);
  }

  List<String> wrong(long events, long expected) throws Exception {
    return wrong(0, events, expected);
  }

  List<String> wrong(long first, long events, long expected) throws Exception {
    return target.wrong(site, query, table(), stream, first, events, expected);
  }

  /** Returns when nothing of it is left. */
  @Override
  public void close() throws IOException {
    if (uid.isEmpty()) {
      return;
    }
    try {
      withdraw();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while " + name + " was withdrawn");
    }
  }

  private void withdraw() throws IOException, InterruptedException {
    site.rest().delete(path());
    Eventually.await(name + " is gone", PATIENCE, () -> site.rest().get(path()).status() == 404);
  }
}
