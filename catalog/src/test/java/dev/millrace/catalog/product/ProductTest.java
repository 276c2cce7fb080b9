package dev.millrace.catalog.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.catalog.Api;
import dev.millrace.catalog.Api.Reply;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@CatalogTest
class ProductTest {
  private static final String PRODUCTS = "/tenants/sales/products";

  @Inject CatalogConfig config;
  private Admin admin;

  @BeforeEach
  void connect() {
    admin = Admin.create(new HashMap<String, Object>(config.kafka()));
  }

  @AfterEach
  void disconnect() {
    admin.close();
  }

  @Test
  void registeringCreatesTheTopic() throws Exception {
    String name = Samples.fresh("p");

    Reply reply = Api.ADA.post(PRODUCTS, Samples.product(name));

    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    assertThat(reply.header("Location")).endsWith("/api/v1" + PRODUCTS + "/" + name);
    assertThat(reply.header("ETag")).isEqualTo("\"1\"");
    assertThat(reply.json().at("/status/partitions").asInt()).isEqualTo(2);
    assertThat(reply.json().at("/status/events").asLong(-1)).isZero();
    assertThat(reply.json().at("/status/conditions/0/reason").asText()).isEqualTo("TopicReady");
    assertThat(topics()).contains("sales." + name);
  }

  @Test
  void aNameIsTakenOnce() {
    String name = Samples.orders();

    Reply second = Api.ADA.post(PRODUCTS, Samples.product(name));

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.code()).isEqualTo("NameTaken");
  }

  @Test
  void ofManyWhoRegisterOneNameOneWins() {
    String body = Samples.product(Samples.fresh("race"));

    List<Reply> replies = Api.atOnce(8, i -> Api.ADA.post(PRODUCTS, body));

    assertThat(replies.stream().map(Reply::status).sorted())
        .containsExactly(201, 409, 409, 409, 409, 409, 409, 409);
  }

  @Test
  void aTopicBelongsToOneProduct() {
    String name = Samples.orders();
    String other = withTopic(Samples.fresh("thief"), "sales." + name);

    Reply reply = Api.ROOT.post(PRODUCTS, other);

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.code()).isEqualTo("TopicTaken");
  }

  @Test
  void aTopicThatIsThereNeedsAnAdmin() throws Exception {
    String topic = Samples.fresh("legacy");
    admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get(120, TimeUnit.SECONDS);
    String body = withTopic(Samples.fresh("adopted"), topic);

    Reply refused = Api.ADA.post(PRODUCTS, body);
    Reply taken = Api.ROOT.post(PRODUCTS, body);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("TopicNeedsAdmin");
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
    assertThat(taken.json().at("/status/partitions").asInt()).isEqualTo(3);
  }

  @Test
  void internalTopicsAreRefusedHoweverTheyAreNamed() {
    assertThat(Api.ROOT.post(PRODUCTS, withTopic("inside", "millrace.status")).findings())
        .contains("/spec/topic/name TopicReserved");
    assertThat(Api.ROOT.post("/tenants/millrace/products", Samples.product("status")).findings())
        .contains("/spec/topic/name TopicReserved");
  }

  @Test
  void whatKafkaRefusesLeavesNothingBehind() {
    String name = Samples.fresh("colliding");
    // Kafka takes dots and underscores in a topic's name for the same.
    Api.ADA.post(PRODUCTS, withTopic(Samples.fresh("first"), "a.b_" + name));

    Reply reply = Api.ADA.post(PRODUCTS, withTopic(name, "a_b." + name));

    assertThat(reply.status()).as(reply.text()).isEqualTo(422);
    assertThat(reply.findings()).containsExactly("/spec/topic TopicRefused");
    assertThat(Api.ADA.get(PRODUCTS + "/" + name).status()).isEqualTo(404);
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    Reply reply =
        Api.ADA.post(
            "/tenants/Sales/products",
            """
            {"kind": "Thing", "metadata": {"name": "No!"},
             "spec": {"key": "nr", "topic": {"partitions": 0, "retention": "soon"},
              "schema": {"type": "object", "properties": {"id": {"type": "string"}}}}}
            """);

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.findings())
        .contains(
            "/kind UnknownValue",
            "/metadata/namespace InvalidName",
            "/metadata/name InvalidName",
            "/spec/topic/partitions OutOfRange",
            "/spec/topic/retention InvalidDuration");
  }

  @Test
  void aDryRunDoesNothing() throws Exception {
    String name = Samples.fresh("dry");

    Reply reply = Api.ADA.post(PRODUCTS + "?dryRun=true", Samples.product(name));

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(Api.ADA.get(PRODUCTS + "/" + name).status()).isEqualTo(404);
    assertThat(topics()).doesNotContain("sales." + name);
  }

  @Test
  void aChangeCountsItsGenerationAndSchema() {
    String path = PRODUCTS + "/" + Samples.orders();
    String more =
        Api.ADA
            .get(path)
            .text()
            .replace("\"country\":{", "\"city\":{\"type\":\"string\"},\"country\":{");

    Reply same = Api.ADA.put(path, Api.ADA.get(path).text(), "If-Match", "\"1\"");
    Reply changed = Api.ADA.put(path, more, "If-Match", "\"1\"");
    Reply late = Api.ADA.put(path, more.replace("of the shop", "x"), "If-Match", "\"1\"");

    assertThat(same.header("ETag")).isEqualTo("\"1\"");
    assertThat(changed.header("ETag")).as(changed.text()).isEqualTo("\"2\"");
    assertThat(changed.json().at("/status/schemaVersion").asText()).isEqualTo("1.1");
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.code()).isEqualTo("VersionMismatch");
  }

  @Test
  void whatSubscribersRelyOnCannotChange() {
    String path = PRODUCTS + "/" + Samples.orders();
    String broken = Api.ADA.get(path).text().replace("\"total\"", "\"sum\"");

    assertThat(Api.ADA.put(path, broken).findings())
        .containsExactly("/spec/schema/properties/total SchemaIncompatible");
  }

  @Test
  void aProductInUseStays() {
    String product = Samples.orders();
    Samples.subscribed(product);

    Reply inUse = Api.ADA.delete(PRODUCTS + "/" + product);
    Reply free = Api.ADA.delete(PRODUCTS + "/" + Samples.orders());

    assertThat(inUse.status()).isEqualTo(409);
    assertThat(inUse.code()).isEqualTo("InUse");
    assertThat(free.status()).isEqualTo(204);
  }

  @Test
  void listsComeInPagesAndAreSearched() {
    String tenant = Samples.fresh("shop");
    for (String name : List.of("a", "b", "c")) {
      Api.ADA.post("/tenants/" + tenant + "/products", Samples.product(name));
    }

    Reply first = Api.ADA.get("/tenants/" + tenant + "/products?limit=2");
    Reply second =
        Api.ADA.get(
            "/tenants/"
                + tenant
                + "/products?limit=2&cursor="
                + first.json().path("next").asText());
    Reply found = Api.ADA.get("/products?q=" + tenant + "%20SHOP%20b");

    assertThat(first.json().path("items")).hasSize(2);
    assertThat(second.json().path("items")).hasSize(1);
    assertThat(second.json().has("next")).isFalse();
    assertThat(found.json().at("/items/0/metadata/name").asText()).isEqualTo("b");
    assertThat(found.json().path("items")).hasSize(1);
    assertThat(Api.ADA.get("/products?limit=0").code()).isEqualTo("InvalidParameter");
    assertThat(Api.ADA.get("/products?cursor=%25").code()).isEqualTo("InvalidParameter");
  }

  private static String withTopic(String name, String topic) {
    return Samples.product(name)
        .replace("\"topic\": {", "\"topic\": {\"name\": \"" + topic + "\", ");
  }

  private java.util.Set<String> topics() throws Exception {
    return admin.listTopics().names().get(120, TimeUnit.SECONDS);
  }
}
