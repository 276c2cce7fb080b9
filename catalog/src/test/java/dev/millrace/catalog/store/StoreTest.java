package dev.millrace.catalog.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.catalog.Api;
import dev.millrace.catalog.Api.Reply;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import dev.millrace.catalog.control.FakeProvisioning;
import dev.millrace.needs.reconcile.Board;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@CatalogTest
class StoreTest {
  private static final String RIGHT = "writer-pass-91cc";
  private static final String READER = "reader-brought-55d0";

  @Inject FakeProvisioning provisioning;
  @Inject Board board;
  @Inject DataSource database;

  @Test
  void aServerOfOnesOwnIsLoggedInToAndThenDeclared() {
    String path = path();

    Reply reply = Api.ADA.put(path, external(RIGHT));

    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    assertThat(reply.json().at("/status/host").asText()).isEqualTo("db.example.org");
    assertThat(provisioning.accounts).containsKey(key(path));
  }

  @Test
  void whatCannotBeLoggedInToIsNotRecorded() {
    String path = path();

    Reply reply = Api.ADA.put(path, external("wrong-one"));

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.findings()).containsExactly("/spec/connection CredentialsRejected");
    assertThat(Api.ADA.get(path).status()).isEqualTo(404);
    assertThat(provisioning.accounts).doesNotContainKey(key(path));
  }

  @Test
  void passwordsAreInNoJournalNoViewAndNoAnswer() throws SQLException {
    String path = path();
    Reply put = Api.ADA.put(path, external(RIGHT));
    Reply wrong = Api.ADA.put(path(), external("secret-but-wrong"));
    Api.ADA.put(path, external(RIGHT).replace("Retain", "Delete"));

    assertThat(put.text() + Api.ADA.get(path).text() + Api.ADA.get("/stores?limit=500").text())
        .contains("\"writer\":{\"username\":\"loader\"}")
        .doesNotContain(RIGHT, READER);
    assertThat(wrong.text()).doesNotContain("secret-but-wrong");
    assertThat(everythingKept())
        .contains("loader", "AccountsRenewed")
        .doesNotContain(RIGHT, READER, "secret-but-wrong");
  }

  @Test
  void aPasswordThatIsLeftOutIsTheOneKept() {
    String path = path();
    Api.ADA.put(path, external(RIGHT));
    String without = external(RIGHT).replace(", \"password\": \"" + RIGHT + "\"", "");

    Reply reply = Api.ADA.put(path, without);

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("ETag")).isEqualTo("\"1\"");
    assertThat(Api.ADA.put(path(), without).findings())
        .containsExactly("/spec/connection/writer/password Missing");
  }

  @Test
  void aPasswordThatIsKeptIsSentNowhereElseAndInNoOtherWay() {
    String path = path();
    Api.ADA.put(path, external(RIGHT));
    String without =
        external(RIGHT)
            .replace(", \"password\": \"" + RIGHT + "\"", "")
            .replace(", \"password\": \"" + READER + "\"", "");
    assertThat(Api.ADA.put(path, without).status()).isEqualTo(200);

    for (String elsewhere :
        List.of(
            without.replace("db.example.org", "evil.example.org"),
            without.replace("5432", "5433"),
            without.replace("\"database\": \"risk\"", "\"database\": \"other\""),
            without.replace("\"port\"", "\"tls\": \"require\", \"port\""))) {
      assertThat(Api.ADA.put(path + "?dryRun=true", elsewhere).findings())
          .as(elsewhere)
          .containsExactlyInAnyOrder(
              "/spec/connection/reader/password Missing",
              "/spec/connection/writer/password Missing");
    }
  }

  @Test
  void aSecretOfKubernetesIsNoLoginHere() {
    String declared =
        external(RIGHT).replace(", \"password\": \"" + RIGHT + "\"", ", \"secret\": \"loader\"");

    assertThat(Api.ADA.put(path(), declared).findings())
        .containsExactlyInAnyOrder(
            "/spec/connection/writer/password Missing",
            "/spec/connection/writer/secret NotTogether");
  }

  @Test
  void oneThatIsRefusedReplacesNobodysPassword() {
    String path = path();
    Api.ADA.put(path, external(RIGHT));
    StoreSpec kept = provisioning.accounts.get(key(path));

    Reply reply =
        Api.ADA.put(path, external(RIGHT).replace("Retain", "Delete"), "If-Match", "\"7\"");

    assertThat(reply.status()).isEqualTo(412);
    assertThat(provisioning.accounts.get(key(path))).isSameAs(kept);
  }

  @Test
  void whatWasReportedOfAnotherPlaceIsForgotten() {
    String path = path();
    Api.ADA.put(path, external(RIGHT));
    board.reportStore(key(path), new StoreStatus("Postgres", "old", 1, "d", null, null));
    Api.ADA.put(path, external(RIGHT).replace("Retain", "Delete"));
    assertThat(Api.ADA.get(path).json().at("/status/host").asText())
        .as("where it is has not changed")
        .isEqualTo("old");

    Api.ADA.put(path, external(RIGHT).replace("db.example", "db2.example"));

    assertThat(Api.ADA.get(path).json().at("/status/host").asText()).isEqualTo("db2.example.org");
  }

  @Test
  void aStoreInUseNeitherMovesNorGoes() {
    String path = path();
    Api.ADA.put(path, external(RIGHT));
    String name = path.substring(path.lastIndexOf('/') + 1);
    String need =
        Samples.subscription(Samples.orders())
            .replace("\"class\": \"postgres-embedded\"", "\"name\": \"" + name + "\"");
    String subscription = "/tenants/risk/subscriptions/" + Samples.fresh("writer");

    Reply subscribed = Api.ADA.put(subscription, need);
    Reply moved = Api.ADA.put(path, external(RIGHT).replace("db.example", "db2.example"));
    Reply gone = Api.ADA.delete(path);

    assertThat(subscribed.status()).as(subscribed.text()).isEqualTo(201);
    assertThat(moved.findings()).containsExactly("/spec/connection/host ImmutableField");
    assertThat(gone.status()).isEqualTo(409);
    assertThat(gone.code()).isEqualTo("InUse");
    assertThat(Api.ADA.get(path).json().at("/status/subscriptions/0").asText())
        .isEqualTo(subscription.replace("/tenants/", "").replace("/subscriptions/", "/"));
  }

  @Test
  void twoSubscriptionsNeverShareATable() {
    String path = path();
    Api.ADA.put(path, external(RIGHT));
    String name = path.substring(path.lastIndexOf('/') + 1);
    String need =
        Samples.subscription(Samples.orders())
            .replace(
                "\"class\": \"postgres-embedded\"",
                "\"name\": \"" + name + "\", \"table\": {\"name\": \"orders\"}");

    Reply first = Api.ADA.put("/tenants/risk/subscriptions/" + Samples.fresh("one"), need);
    Reply second = Api.ADA.put("/tenants/risk/subscriptions/" + Samples.fresh("two"), need);

    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(second.findings()).containsExactly("/spec/store/table/name TableTaken");
  }

  @Test
  void removingForgetsThePasswords() {
    String path = path();
    Api.ADA.put(path, external(RIGHT));

    Reply removed = Api.ADA.delete(path);

    assertThat(removed.status()).isEqualTo(202);
    assertThat(provisioning.accounts).doesNotContainKey(key(path));
    assertThat(Api.ADA.get(path).status()).isEqualTo(404);
    assertThat(Api.ADA.delete(path).status()).isEqualTo(404);
  }

  @Test
  void aStoreThatASubscriptionBroughtIsShownAndForgotten() {
    String subscription = Samples.subscribed(Samples.orders());
    ObjectKey key = key(subscription);
    String path = "/tenants/risk/stores/" + key.name();
    Reply stolen = Api.ADA.put(path, external(RIGHT));

    board.placedStore(
        key,
        new StoreSpec("postgres-embedded", null, "Delete"),
        new StoreStatus("Postgres", "127.0.0.1", 5432, "db_x", null, null));
    Reply shown = Api.ADA.get(path);
    board.storeForgotten(key, () -> {});

    assertThat(stolen.findings()).containsExactly("/metadata/name StoreNameTaken");
    assertThat(shown.json().at("/status/database").asText()).isEqualTo("db_x");
    assertThat(Api.ADA.get(path).status()).isEqualTo(404);
    assertThat(board.store(key)).isEmpty();
  }

  @Test
  void classesAreListed() {
    assertThat(Api.ADA.get("/storeclasses").json().path("items"))
        .extracting(item -> item.at("/metadata/name").asText())
        .containsExactly("external", "postgres-embedded", "redis-embedded");
  }

  @Test
  void everythingWrongWithAConnectionIsToldAtOnce() {
    assertThat(
            Api.ADA
                .put(
                    path(),
                    """
                    {"spec": {"class": "external", "reclaimPolicy": "Keep", "connection":
                      {"engine": "Postgress", "host": "a b", "port": 0, "tls": "yes"}}}
                    """)
                .findings())
        .containsExactlyInAnyOrder(
            "/spec/reclaimPolicy UnknownValue",
            "/spec/connection/engine UnknownValue",
            "/spec/connection/tls UnknownValue",
            "/spec/connection/host InvalidName",
            "/spec/connection/port OutOfRange",
            "/spec/connection/database Missing",
            "/spec/connection/writer Missing");
  }

  private String everythingKept() throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Connection connection = database.getConnection();
        ResultSet rows =
            connection
                .createStatement()
                .executeQuery(
                    "select type || ' ' || payload::text || actor from millrace_catalog.journal"
                        + " union all select report::text from millrace_catalog.last_report")) {
      while (rows.next()) {
        text.append(rows.getString(1)).append('\n');
      }
    }
    return text.toString();
  }

  private static String external(String password) {
    return """
    {"spec": {"class": "external", "reclaimPolicy": "Retain", "connection": {
      "engine": "Postgres", "host": "db.example.org", "port": 5432, "database": "risk",
      "writer": {"username": "loader", "password": "%s"},
      "reader": {"username": "analyst", "password": "%s"}}}}
    """
        .formatted(password, READER);
  }

  private static String path() {
    return "/tenants/risk/stores/" + Samples.fresh("store");
  }

  private static ObjectKey key(String path) {
    return new ObjectKey("risk", path.substring(path.lastIndexOf('/') + 1));
  }
}
