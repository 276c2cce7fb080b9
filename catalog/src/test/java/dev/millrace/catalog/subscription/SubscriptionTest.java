package dev.millrace.catalog.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.Api;
import dev.millrace.catalog.Api.Reply;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import dev.millrace.catalog.control.FakeProvisioning;
import dev.millrace.needs.reconcile.Board;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

@CatalogTest
class SubscriptionTest {
  @Inject Board board;
  @Inject FakeProvisioning provisioning;

  @Test
  void aNeedIsCreatedOnceAndThenUnchanged() {
    String body = Samples.subscription(Samples.orders());
    String path = path();

    Reply created = Api.ADA.put(path, body);
    Reply again = Api.ADA.put(path, body);

    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.json().at("/status/phase").asText()).isEqualTo("Pending");
    assertThat(created.json().at("/metadata/origin").asText()).isEqualTo("catalog");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void theSameNeedComesAsYamlAndGoesOutAsYaml() {
    String path = path();
    String yaml =
        """
        apiVersion: millrace.dev/v1alpha1
        kind: DataSubscription
        metadata: {name: %s, namespace: risk}
        spec:
          product: sales/%s
          filter: event.total > 10.0
          onError: {stopAfter: 5}
          store: {class: postgres-embedded}
        """
            .formatted(path.substring(path.lastIndexOf('/') + 1), Samples.orders());

    Reply put = Api.ADA.put(path, yaml, "Content-Type", "application/yaml");
    Reply got = Api.ADA.get(path, "Accept", "application/yaml");
    Reply back = Api.ADA.put(path, got.text(), "Content-Type", "application/yaml");

    assertThat(put.status()).as(put.text()).isEqualTo(201);
    assertThat(got.text()).contains("filter: event.total > 10.0").contains("stopAfter: \"5\"");
    assertThat(back.header("ETag")).as(back.text()).isEqualTo("\"1\"");
  }

  @Test
  void everythingWrongIsToldAtOnceAndNothingIsRecorded() {
    String path = path();

    Reply reply =
        Api.ADA.put(
            path,
            """
            {"metadata": {"name": "other"},
             "spec": {"product": "sales/%s", "filter": "event.amout > 1", "mode": "Upsrt",
              "select": [{"field": "id", "key": true}, {"field": "ttal"}],
              "store": {"class": "postgres-embeded"}}}
            """
                .formatted(Samples.orders()));

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.findings())
        .contains(
            "/metadata/name PathMismatch",
            "/spec/mode UnknownValue",
            "/spec/filter UnknownField",
            "/spec/select/1/field UnknownField",
            "/spec/store/class UnknownStoreClass");
    assertThat(reply.text()).contains("Did you mean 'total'?");
    assertThat(Api.ADA.get(path).status()).isEqualTo(404);
    assertThat(Api.ADA.get(path + "/journal").status()).isEqualTo(404);
  }

  @Test
  void whatTheEngineCannotDoIsAFindingToo() {
    String body =
        Samples.subscription(Samples.orders())
            .replace("embedded\"}", "embedded\", \"table\": {\"name\": \"pg_unfit\"}}");

    assertThat(Api.ADA.put(path(), body).findings())
        .containsExactly("/spec/store/table/name NameReserved");
  }

  @Test
  void aDryRunShowsTheStatementsAndRecordsNothing() {
    String path = path();

    Reply reply = Api.ADA.put(path + "?dryRun=true", Samples.subscription(Samples.orders()));

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().path("statements").asText()).startsWith("create table");
    assertThat(reply.json().at("/resource/spec/product").asText()).startsWith("sales/");
    assertThat(Api.ADA.get(path).status()).isEqualTo(404);
  }

  @Test
  void ofManyChangesToOneVersionOneWins() {
    String product = Samples.orders();
    String path = Samples.subscribed(product);

    List<Integer> statuses =
        Api.atOnce(6, i -> Api.ADA.put(path, rotating(product, i), "If-Match", "\"1\"")).stream()
            .map(Reply::status)
            .toList();

    assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    assertThat(statuses).allMatch(status -> status == 200 || status == 412 || status == 409);
    assertThat(Api.ADA.get(path).header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void createOnlyNeverChanges() {
    String product = Samples.orders();
    String path = Samples.subscribed(product);

    Reply reply = Api.ADA.put(path, Samples.subscription(product), "If-None-Match", "*");

    assertThat(reply.status()).isEqualTo(412);
  }

  @Test
  void whatIsKeptMayChangeAndWhereItIsKeptMayNot() {
    String product = Samples.orders();
    String path = Samples.subscribed(product);
    String spec = Samples.subscription(product);

    assertThat(Api.ADA.put(path, spec.replace("10.0", "11.0")).status()).isEqualTo(200);
    assertThat(
            Api.ADA
                .put(
                    path,
                    spec.replace("\"store\"", "\"startFrom\": {\"type\": \"Now\"}, \"store\""))
                .findings())
        .containsExactly("/spec/startFrom ImmutableField");
  }

  @Test
  void twoSubscriptionsNeverShareKeys() {
    String product = Samples.orders();
    String prefix = Samples.fresh("pre");
    String body = redis(product, prefix + ":{id}");

    Reply first = Api.ADA.put(path(), body);
    Reply second = Api.ADA.put(path(), redis(product, prefix + ":sub:{id}"));

    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(second.findings()).containsExactly("/spec/store/redis/key KeyPrefixTaken");
  }

  @Test
  void deletionIsShownUntilTheStoreIsClean() {
    String product = Samples.orders();
    String path = Samples.subscribed(product);
    ObjectKey key = key(path);

    Reply deleted = Api.ADA.delete(path);
    Reply again = Api.ADA.delete(path);
    Reply meanwhile = Api.ADA.get(path);
    Reply put = Api.ADA.put(path, Samples.subscription(product));
    boolean seenByController = board.subscription(key).orElseThrow().deleting();
    board.forgotten(key);

    assertThat(deleted.status()).isEqualTo(202);
    assertThat(again.status()).isEqualTo(202);
    assertThat(meanwhile.json().at("/status/phase").asText()).isEqualTo("Deleting");
    assertThat(meanwhile.json().at("/metadata/deletionTimestamp").asText()).isNotEmpty();
    assertThat(put.code()).isEqualTo("BeingDeleted");
    assertThat(seenByController).isTrue();
    assertThat(Api.ADA.get(path).status()).isEqualTo(404);
    assertThat(Api.ADA.delete(path).status()).isEqualTo(404);
  }

  @Test
  void theJournalNamesWhoAskedForWhatEvenAfterTheEnd() {
    String path = Samples.subscribed(Samples.orders());
    provisioning.provisioned.add(key(path));
    Api.ROOT.post(path + "/credentials/reveal", "");
    Api.ROOT.delete(path);
    board.forgotten(key(path));

    JsonNode items = Api.ADA.get(path + "/journal").json().path("items");
    Reply page = Api.ADA.get(path + "/journal?limit=3");
    Reply rest = Api.ADA.get(path + "/journal?limit=3&cursor=" + page.json().path("next").asText());

    assertThat(StreamSupport.stream(items.spliterator(), false))
        .extracting(e -> e.path("type").asText() + " by " + e.path("actor").asText())
        .containsExactly(
            "Requested by ada",
            "CredentialsRevealed by root",
            "Withdrawn by root",
            "Forgotten by controller");
    assertThat(rest.json().at("/items/0/type").asText()).isEqualTo("Forgotten");
  }

  @Test
  void aPasswordIsShownOnce() {
    String path = Samples.subscribed(Samples.orders());
    Reply early = Api.ADA.post(path + "/credentials/reveal", "");
    provisioning.provisioned.add(key(path));

    Reply before = Api.ADA.get(path + "/credentials");
    Reply first = Api.ADA.post(path + "/credentials/reveal", "");
    Reply second = Api.ADA.post(path + "/credentials/reveal", "");
    Reply rotated = Api.ADA.post(path + "/credentials/rotate", "");

    assertThat(early.code()).isEqualTo("NotProvisioned");
    assertThat(before.json().has("password")).isFalse();
    assertThat(first.json().path("password").asText()).isEqualTo(FakeProvisioning.PASSWORD);
    assertThat(first.header("Cache-Control")).isEqualTo("no-store");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.code()).isEqualTo("AlreadyRevealed");
    assertThat(rotated.json().path("password").asText()).isEqualTo(FakeProvisioning.PASSWORD);
  }

  @Test
  void listsAreOfATenantOrOfAProduct() {
    String product = Samples.orders();
    String path = Samples.subscribed(product);
    String name = path.substring(path.lastIndexOf('/') + 1);

    JsonNode of = Api.ADA.get("/subscriptions?product=sales/" + product).json().path("items");

    assertThat(of).hasSize(1);
    assertThat(of.at("/0/metadata/name").asText()).isEqualTo(name);
    assertThat(Api.ADA.get("/tenants/nobody/subscriptions").json().path("items")).isEmpty();
  }

  private static String rotating(String product, int token) {
    return Samples.subscription(product)
        .replace("\"spec\": {", "\"spec\": {\"requests\": {\"rotate\": \"r" + token + "\"}, ");
  }

  private static String path() {
    return "/tenants/risk/subscriptions/" + Samples.fresh("need");
  }

  private static ObjectKey key(String path) {
    return new ObjectKey("risk", path.substring(path.lastIndexOf('/') + 1));
  }

  private static String redis(String product, String key) {
    return """
    {"spec": {"product": "sales/%s", "store": {"class": "redis-embedded",
      "redis": {"key": "%s"}}}}
    """
        .formatted(product, key);
  }
}
