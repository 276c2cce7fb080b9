package dev.millrace.standalone.process;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One thing that people get wrong, and what they are told.
 *
 * @param pointer where, when the answer names a place in what was sent; empty otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: the bytes go to the server
record WrongInput(
    String what,
    String method,
    String path,
    List<String> headers,
    byte[] body,
    int status,
    String code,
    String pointer) {

  /** Stands in a body for the port of the Postgres that the platform started. */
  static final String POSTGRES_PORT = "${postgres}";

  private static final String SUBSCRIPTION = "tenants/team-risk/subscriptions/wrong";
  private static final String PRODUCT = "tenants/sales/products";
  private static final String YAML = "application/yaml";
  private static final String EVENTS = "tenants/sales/products/orders/events";

  static List<WrongInput> all() {
    return List.of(
        // What is asked for does not fit the events.
        need(
            "a field that is not there",
            "select: [{field: orderId, key: true}, {field: amout}]",
            "UnknownField",
            "/spec/select/1/field"),
        need(
            "a misspelt field in the filter",
            "filter: event.totl > 10.0",
            "UnknownField",
            "/spec/filter"),
        need(
            "a text compared with a number",
            "filter: event.country > 10",
            "TypeMismatch",
            "/spec/filter"),
        need(
            "a filter that is no expression",
            "filter: \"event.total >= \"",
            "ExpressionSyntax",
            "/spec/filter"),
        need(
            "a filter that says neither true nor false",
            "filter: event.total * 2.0",
            "NotBoolean",
            "/spec/filter"),
        need(
            "a filter that would take seconds for each event",
            "filter: event.lines.all(a, event.lines.all(b, event.lines.all(c, a.sku != b.sku || b.sku != c.sku)))",
            "FilterTooExpensive",
            "/spec/filter"),
        need(
            "the same column twice",
            "select: [{field: orderId, key: true}, {field: total, as: x}, {field: country, as: x}]",
            "DuplicateColumn",
            "/spec/select/2/as"),
        need(
            "a type that does not exist",
            "select: [{field: orderId, key: true}, {field: total, type: money}]",
            "UnknownType",
            "/spec/select/1/type"),
        need(
            "a decimal without room",
            "select: [{field: orderId, key: true}, {field: total, type: \"decimal(2,5)\"}]",
            "UnknownType",
            "/spec/select/1/type"),
        need(
            "a type the field cannot become",
            "select: [{field: orderId, key: true}, {field: country, type: boolean}]",
            "TypeMismatch",
            "/spec/select/1/type"),
        need(
            "a computed column without a name",
            "select: [{field: orderId, key: true}, {expr: \"event.total * 2.0\"}]",
            "Missing",
            "/spec/select/1/as"),
        need(
            "both field and expr",
            "select: [{field: orderId, key: true}, {field: total, expr: \"1\", as: x}]",
            "ExactlyOne",
            "/spec/select/1"),
        need(
            "an unknown mask",
            "select: [{field: orderId, key: true}, {field: country, mask: Rot13}]",
            "UnknownValue",
            "/spec/select/1/mask"),
        need(
            "a key that a deletion could not find",
            "select: [{field: country, key: true}]",
            "KeyNotInjective",
            "/spec/select/0/key"),
        need("no key at all", "select: [{field: total}]", "KeyMissing", "/spec/select"),
        // Where and how.
        need(
            "a product that is not there",
            "product: sales/ordres",
            "UnknownProduct",
            "/spec/product"),
        need(
            "a product without its tenant", "product: orders", "InvalidReference", "/spec/product"),
        need("no product", "product: \"\"", "Missing", "/spec/product"),
        need(
            "a class that is not offered",
            "store: {class: postgres-embeded}",
            "UnknownStoreClass",
            "/spec/store/class"),
        need(
            "a store that is not there",
            "store: {name: nowhere}",
            "UnknownStore",
            "/spec/store/name"),
        need(
            "class and name together",
            "store: {class: postgres-embedded, name: nowhere}",
            "ExactlyOne",
            "/spec/store"),
        need(
            "an external store without its connection",
            "store: {class: external}",
            "StoreNeedsConnection",
            "/spec/store/class"),
        need(
            "a table name of 64 characters",
            "store: {class: postgres-embedded, table: {name: " + "t".repeat(64) + "}}",
            "InvalidName",
            "/spec/store/table/name"),
        need(
            "SQL in a table's name",
            "store: {class: postgres-embedded, table: {name: 'x\"; DROP TABLE journal; --'}}",
            "InvalidName",
            "/spec/store/table/name"),
        need(
            "SQL in a column's name",
            "select: [{field: orderId, key: true, as: \"id\\\" text); DROP ROLE millrace; --\"}]",
            "InvalidName",
            "/spec/select/0/as"),
        need(
            "SQL in a schema's name",
            "store: {class: postgres-embedded, table: {schema: \"public; DROP SCHEMA public\"}}",
            "InvalidName",
            "/spec/store/table/schema"),
        need(
            "the platform's own schema",
            "store: {class: postgres-embedded, table: {schema: millrace}}",
            "NameReserved",
            "/spec/store/table/schema"),
        need(
            "an index over a column that is not there",
            "store: {class: postgres-embedded, table: {indexes: [[totl]]}}",
            "UnknownColumn",
            "/spec/store/table/indexes/0"),
        need(
            "a key template without a column",
            "store: {class: redis-embedded, redis: {key: orders}}",
            "KeyNotInjective",
            "/spec/store/redis/key"),
        need(
            "a key template without a prefix of its own",
            "store: {class: redis-embedded, redis: {key: \"{orderId}\"}}",
            "PrefixMissing",
            "/spec/store/redis/key"),
        need(
            "a key template over the cursors",
            "store: {class: redis-embedded, redis: {key: \"millrace:{orderId}\"}}",
            "NameReserved",
            "/spec/store/redis/key"),
        need(
            "Redis commands in a key template",
            "store: {class: redis-embedded, redis: {key: \"o:{orderId}\\r\\nFLUSHALL\"}}",
            "InvalidTemplate",
            "/spec/store/redis/key"),
        need(
            "a pattern in a key template",
            "store: {class: redis-embedded, redis: {key: \"*:{orderId}\"}}",
            "InvalidTemplate",
            "/spec/store/redis/key"),
        need(
            "a ttl that is no length of time",
            "store: {class: redis-embedded, redis: {key: \"o:{orderId}\", ttl: soon}}",
            "InvalidDuration",
            "/spec/store/redis/ttl"),
        need(
            "every event in Redis",
            "mode: Append\nstore: {class: redis-embedded}",
            "AppendNeedsTable",
            "/spec/mode"),
        need("an unknown mode", "mode: Merge", "UnknownValue", "/spec/mode"),
        need(
            "a start without its time",
            "startFrom: {type: Timestamp}",
            "Missing",
            "/spec/startFrom/timestamp"),
        need(
            "an offset below zero",
            "startFrom: {type: Offsets, offsets: {\"0\": -5}}",
            "OutOfRange",
            "/spec/startFrom/offsets/0"),
        need(
            "a share above all",
            "onError: {policy: DeadLetter, stopAfter: 500%}",
            "OutOfRange",
            "/spec/onError/stopAfter"),
        need("a state that does not exist", "state: Sleeping", "UnknownValue", "/spec/state"),
        // Names and paths.
        put(
            "a name with capitals",
            "tenants/team-risk/subscriptions/Wrong",
            subscription("Wrong", ""),
            422,
            "InvalidName",
            "/metadata/name"),
        put(
            "a name of 64 characters",
            "tenants/team-risk/subscriptions/" + "n".repeat(64),
            subscription("n".repeat(64), ""),
            422,
            "InvalidName",
            "/metadata/name"),
        put(
            "SQL in a name",
            "tenants/team-risk/subscriptions/x'%20OR%20'1'='1",
            subscription("x' OR '1'='1", ""),
            422,
            "InvalidName",
            "/metadata/name"),
        put(
            "../ in a path",
            "tenants/team-risk/subscriptions/..%2F..%2Fadmin",
            subscription("../../admin", ""),
            400,
            "PathRefused",
            ""),
        put(
            "another name than in the path",
            SUBSCRIPTION,
            subscription("right", ""),
            422,
            "PathMismatch",
            "/metadata/name"),
        put(
            "the wrong kind",
            SUBSCRIPTION,
            subscription("wrong", "").replace("kind: DataSubscription", "kind: DataProduct"),
            422,
            "UnknownValue",
            "/kind"),
        // What exists already.
        put(
            "a field that cannot be changed",
            "tenants/team-risk/subscriptions/eu-orders",
            subscription("eu-orders", "startFrom: {type: Now}"),
            422,
            "ImmutableField",
            "/spec/startFrom"),
        with(
            put(
                "a stale version",
                "tenants/team-risk/subscriptions/eu-orders",
                subscription("eu-orders", ""),
                412,
                "VersionMismatch",
                ""),
            "If-Match",
            "\"77\""),
        with(
            put(
                "create only, and it is there",
                "tenants/team-risk/subscriptions/eu-orders",
                subscription("eu-orders", ""),
                412,
                "VersionMismatch",
                ""),
            "If-None-Match",
            "*"),
        post("a product twice", PRODUCT, YAML, product("orders", ""), 409, "NameTaken", ""),
        post(
            "a topic of another product",
            PRODUCT,
            YAML,
            product("orders-too", "topic: {name: sales.orders}"),
            409,
            "TopicTaken",
            ""),
        post(
            "an internal topic",
            PRODUCT,
            YAML,
            product("sneaky", "topic: {name: millrace.definitions}"),
            422,
            "TopicReserved",
            "/spec/topic/name"),
        request(
            "a product that others use is deleted",
            "DELETE",
            "tenants/sales/products/orders",
            "",
            "",
            409,
            "InUse",
            ""),
        // Products.
        post(
            "a key that is not in the schema",
            PRODUCT,
            YAML,
            product("p1", "key: ordrId"),
            422,
            "UnknownField",
            "/spec/key"),
        post(
            "a key that may be absent",
            PRODUCT,
            YAML,
            product("p2", "key: note"),
            422,
            "KeyNotRequired",
            "/spec/key"),
        post(
            "no schema",
            PRODUCT,
            YAML,
            "apiVersion: millrace.dev/v1alpha1\nkind: DataProduct\nmetadata: {name: p3}\nspec: {key: id}\n",
            422,
            "Missing",
            "/spec/schema"),
        post(
            "too many partitions",
            PRODUCT,
            YAML,
            product("p4", "topic: {partitions: 100000}"),
            422,
            "OutOfRange",
            "/spec/topic/partitions"),
        // Bodies.
        put("YAML that is none", SUBSCRIPTION, "spec: {filter: [", 400, "Malformed", ""),
        request(
            "JSON that is none",
            "PUT",
            SUBSCRIPTION,
            "application/json",
            "{\"spec\": {",
            400,
            "Malformed",
            ""),
        put(
            "a field that specs do not have",
            SUBSCRIPTION,
            subscription("wrong", "fliter: \"true\""),
            400,
            "UnknownField",
            "/spec/fliter"),
        put("an empty body", SUBSCRIPTION, "", 400, "Malformed", ""),
        request(
            "a body of a strange type",
            "PUT",
            SUBSCRIPTION,
            "text/csv",
            "a,b",
            415,
            "UnsupportedMediaType",
            ""),
        put(
            "an object of 3 MB",
            SUBSCRIPTION,
            subscription("wrong", "filter: \"" + "x".repeat(3 << 20) + "\""),
            413,
            "BodyTooLarge",
            ""),
        // Events.
        post(
            "an event without a field that is required",
            EVENTS,
            "application/cloudevents+json",
            event("{\"orderId\":\"o-1\",\"version\":1,\"country\":\"DE\"}"),
            422,
            "EventsRefused",
            ""),
        post(
            "an event with a text where a number belongs",
            EVENTS,
            "application/cloudevents+json",
            event("{\"orderId\":\"o-1\",\"version\":1,\"total\":\"much\",\"country\":\"DE\"}"),
            422,
            "EventsRefused",
            ""),
        post(
            "a CloudEvent without its id",
            EVENTS,
            "application/cloudevents+json",
            "{\"specversion\":\"1.0\",\"source\":\"/x\",\"type\":\"t\",\"data\":{}}",
            422,
            "EventsRefused",
            ""),
        post(
            "a CloudEvent that is no JSON",
            EVENTS,
            "application/cloudevents+json",
            "{\"specversion\":",
            400,
            "Malformed",
            ""),
        post(
            "an event of 10 MB",
            EVENTS,
            "application/cloudevents+json",
            event(
                "{\"orderId\":\"o-1\",\"version\":1,\"total\":1,\"country\":\""
                    + "x".repeat(10 << 20)
                    + "\"}"),
            413,
            "EventTooLarge",
            ""),
        post(
            "events for a product that is not there",
            "tenants/sales/products/nothing/events",
            "application/cloudevents+json",
            event("{}"),
            404,
            "NotFound",
            ""),
        post(
            "a preview of a wrong filter",
            "tenants/sales/products/orders/preview",
            "application/json",
            "{\"filter\":\"event.totl > 1.0\"}",
            422,
            "UnknownField",
            "/filter"),
        // Stores.
        store(
            "a server that nobody hears at",
            connection("127.0.0.1", "1", "me", "secret"),
            "StoreUnavailable",
            "/spec/connection"),
        store(
            "a wrong password",
            connection("127.0.0.1", POSTGRES_PORT, "millrace", "wrong"),
            "CredentialsRejected",
            "/spec/connection"),
        store(
            "an engine that does not exist",
            connection("127.0.0.1", "1", "me", "secret")
                .replace("engine: Postgres", "engine: Postgress"),
            "UnknownValue",
            "/spec/connection/engine"),
        // Callers.
        with(
            request("no token", "GET", "subscriptions", "", "", 401, "Unauthenticated", ""),
            "Authorization",
            ""),
        with(
            request("a wrong token", "GET", "subscriptions", "", "", 401, "Unauthenticated", ""),
            "Authorization",
            "Bearer mr_0000"),
        with(
            request(
                "a page of another site", "GET", "subscriptions", "", "", 403, "OriginRefused", ""),
            "Origin",
            "https://evil.example"),
        request(
            "something that is not there",
            "GET",
            "tenants/team-risk/subscriptions/nothing",
            "",
            "",
            404,
            "NotFound",
            ""),
        request(
            "an address that is not there",
            "GET",
            "tenants/team-risk/subscribtions",
            "",
            "",
            404,
            "NotFound",
            ""),
        request(
            "a page that does not exist",
            "GET",
            "subscriptions?cursor=zzz",
            "",
            "",
            400,
            "InvalidParameter",
            ""),
        request(
            "a limit above all",
            "GET",
            "subscriptions?limit=100000",
            "",
            "",
            400,
            "InvalidParameter",
            ""));
  }

  /** The right need with one thing changed: what is given replaces what would stand there. */
  private static WrongInput need(String what, String spec, String code, String pointer) {
    return put(what, SUBSCRIPTION, subscription("wrong", spec), 422, code, pointer);
  }

  private static String subscription(String name, String spec) {
    StringBuilder text =
        new StringBuilder(
            "apiVersion: millrace.dev/v1alpha1\nkind: DataSubscription\nmetadata: {name: \"%s\"}\nspec:\n"
                .formatted(name));
    if (!spec.contains("product:")) {
      text.append("  product: sales/orders\n");
    }
    if (!spec.contains("store:")) {
      text.append("  store: {class: postgres-embedded}\n");
    }
    return text + spec.indent(2);
  }

  private static String product(String name, String spec) {
    String text = Orders.PRODUCT.replace("{name: orders}", "{name: " + name + "}");
    int colon = spec.indexOf(':');
    return colon < 0
        ? text
        : text.replaceAll("(?m)^  " + spec.substring(0, colon) + ":.*\n", "") + spec.indent(2);
  }

  private static String event(String data) {
    return "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/shop\",\"type\":\"order\",\"data\":"
        + data
        + "}";
  }

  private static String connection(String host, String port, String user, String password) {
    return "connection: {engine: Postgres, host: %s, port: %s, database: postgres, writer: {username: %s, password: %s}}"
        .formatted(host, port, user, password);
  }

  private static WrongInput store(String what, String connection, String code, String pointer) {
    return put(
        what,
        "tenants/team-risk/stores/theirs",
        "apiVersion: millrace.dev/v1alpha1\nkind: Store\nmetadata: {name: theirs}\nspec:\n  class: external\n"
            + connection.indent(2),
        422,
        code,
        pointer);
  }

  private static WrongInput put(
      String what, String path, String body, int status, String code, String pointer) {
    return request(what, "PUT", path, YAML, body, status, code, pointer);
  }

  private static WrongInput post(
      String what, String path, String type, String body, int status, String code, String pointer) {
    return request(what, "POST", path, type, body, status, code, pointer);
  }

  private static WrongInput request(
      String what,
      String method,
      String path,
      String type,
      String body,
      int status,
      String code,
      String pointer) {
    return new WrongInput(
        what,
        method,
        path,
        type.isEmpty() ? List.of() : List.of("Content-Type", type),
        body.getBytes(StandardCharsets.UTF_8),
        status,
        code,
        pointer);
  }

  private static WrongInput with(WrongInput input, String header, String value) {
    List<String> headers = new java.util.ArrayList<>(input.headers());
    headers.add(header);
    headers.add(value);
    return new WrongInput(
        input.what(),
        input.method(),
        input.path(),
        headers,
        input.body(),
        input.status(),
        input.code(),
        input.pointer());
  }

  @Override
  public String toString() {
    return what;
  }
}
