package dev.millrace.operator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.operator.crd.Kinds.AccessRequest;
import dev.millrace.operator.crd.Kinds.DataProduct;
import dev.millrace.operator.crd.Kinds.DataSubscription;
import dev.millrace.operator.crd.Kinds.Store;
import dev.millrace.operator.crd.Kinds.StoreClass;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The custom resource definitions. Fields, types and their documentation are those of the wire
 * types in {@code api}; what a single object can be refused for without looking at others is said
 * here, in the words of {@code needs.check}.
 */
final class Definitions {
  private static final String LABEL = "[a-z]([-a-z0-9]{0,61}[a-z0-9])?";

  /** The generation that nobody has observed. */
  private static final int NOBODY = -1;

  private static final String QUANTITY =
      "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))";
  private static final String SECRET = "^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$";
  private static final String NO_SECRET =
      "is not a Secret's name: it is one of the same namespace, so no path";
  private static final String DURATION =
      "self.matches('^ *[0-9]{1,9}[smhd] *$') && !self.matches('^ *0+[smhd]')";
  private static final String IDENTIFIER = "self.matches('^[A-Za-z][A-Za-z0-9_]*$')";

  /**
   * A number like 1e3 is an integer for the API server, and none for the rules that compare with
   * the old object: nobody could ever change such an object again. So each is looked at from the
   * beginning.
   */
  private static final String PARTITIONS =
      "self.all(partition, partition.matches('^[0-9]{1,6}$') && self[partition] >= 0)";

  private static final String OFFSETS =
      "offsets are whole numbers from 0 under partition numbers: write {\"0\": 1000, \"1\": 0}";
  private static final int LONGEST_EXPRESSION = 10_000;
  private static final int LONGEST_PATH = 500;
  private static final int MOST_COLUMNS = 1_000;
  private static final int MOST_OFFSETS = 10_000;
  private static final int MOST_IN_A_LIST = 10_000;
  private static final int MOST_PARTITIONS = 1_000;

  private Definitions() {}

  /** By file name. */
  static Map<String, CustomResourceDefinition> all() {
    Map<String, CustomResourceDefinition> all = new TreeMap<>();
    generated().forEach((name, crd) -> all.put(name + ".yaml", crd));
    product(of(all, "dataproducts"));
    subscription(of(all, "datasubscriptions"));
    storeClass(of(all, "storeclasses"));
    store(of(all, "stores"));
    accessRequest(of(all, "accessrequests"));
    all.values().forEach(crd -> crd.getSpec().getNames().setCategories(List.of("millrace")));
    return all;
  }

  private static CustomResourceDefinition of(
      Map<String, CustomResourceDefinition> all, String plural) {
    return all.get(plural + ".millrace.dev.yaml");
  }

  private static Map<String, CustomResourceDefinition> generated() {
    Map<String, ByteArrayOutputStream> files = new TreeMap<>();
    new CRDGenerator()
        .customResourceClasses(
            DataProduct.class,
            DataSubscription.class,
            StoreClass.class,
            Store.class,
            AccessRequest.class)
        .withOutput(
            new CRDGenerator.CRDOutput<ByteArrayOutputStream>() {
              @Override
              public ByteArrayOutputStream outputFor(String name) {
                return files.computeIfAbsent(name, any -> new ByteArrayOutputStream());
              }

              @Override
              public void close() {
                files.clear();
              }
            })
        .generate();
    Map<String, CustomResourceDefinition> definitions = new TreeMap<>();
    files.values().stream()
        .map(file -> file.toString(StandardCharsets.UTF_8))
        .map(yaml -> Serialization.unmarshal(yaml, CustomResourceDefinition.class))
        .forEach(crd -> definitions.put(crd.getMetadata().getName(), crd));
    return definitions;
  }

  /** Before anybody has looked at it; else kstatus would take it for all that was wanted. */
  private static JsonNode notSeen() {
    ObjectNode condition =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "Ready")
            .put("status", "Unknown")
            .put("reason", "NotSeenYet")
            .put("message", "The operator has not looked at it yet.")
            .put("observedGeneration", NOBODY)
            .put("lastTransitionTime", "1970-01-01T00:00:00Z");
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.putArray("conditions").add(condition);
    return status;
  }

  private static void product(CustomResourceDefinition crd) {
    columns(
        crd,
        column("Topic", "string", ".status.topic"),
        column("Policy", "string", ".spec.accessPolicy"),
        column("Version", "string", ".status.schemaVersion"),
        column("Events", "integer", ".status.events"),
        condition("Ready"),
        age());
    named(shape(crd))
        .required("", "spec")
        .required("spec", "schema", "key")
        .type("spec.schema", "object")
        .text("spec.key", LONGEST_PATH)
        .words("spec.accessPolicy", "Open", "Approval")
        .standard("spec.accessPolicy", "Open")
        .words("spec.compatibility", "Additive", "None")
        .standard("spec.compatibility", "Additive")
        .text("spec.topic.name", 249)
        .rule(
            "spec.topic.name",
            "self.matches('^[a-zA-Z0-9._-]+$') && self != '.' && self != '..'",
            "cannot be a topic's name: use letters, digits, dots, dashes and underscores")
        .rule(
            "spec.topic.name",
            "!self.startsWith('millrace.') && !self.startsWith('__')",
            "topics beginning with 'millrace.' or '__' are internal: choose another name, or leave"
                + " it out for one after tenant and product")
        .between("spec.topic.partitions", 1, MOST_PARTITIONS)
        .rule("spec.topic.partitions", "self >= 1", "use a whole number")
        .text("spec.topic.retention", 20)
        .rule(
            "spec.topic.retention",
            "self == 'forever' || (" + DURATION + ")",
            "is no length of time: write 7d, 24h, or forever")
        .atMost("spec.classifications", MOST_IN_A_LIST)
        .words("spec.classifications{}", "Public", "Internal", "Personal", "Secret")
        .atMost("spec.tags", MOST_IN_A_LIST)
        .whole("spec.tags")
        .rule(
            "spec",
            "self.key == oldSelf.key",
            "key cannot be changed: records that are there already have the old one; make a second"
                + " product")
        .rule(
            "spec",
            "(has(self.insertOnly) && self.insertOnly) == (has(oldSelf.insertOnly) &&"
                + " oldSelf.insertOnly)",
            "insertOnly cannot be changed: subscriptions rely on it; make a second product")
        .rule(
            "spec",
            "has(self.topic) == has(oldSelf.topic) && (!has(self.topic) || self.topic =="
                + " oldSelf.topic)",
            "topic cannot be changed: the events are there; make a second product")
        .listedBy("status.conditions", "type")
        .standard("status", notSeen())
        .required("status.conditions[]", "type", "status", "reason", "message");
  }

  private static void subscription(CustomResourceDefinition crd) {
    columns(
        crd,
        column("Product", "string", ".spec.product"),
        column("Engine", "string", ".status.store.engine"),
        column("Phase", "string", ".status.phase"),
        condition("Ready"),
        column("Lag", "integer", ".status.progress.lagEvents"),
        age(),
        wide(column("Store", "string", ".status.store.name")),
        wide(column("Relation", "string", ".status.store.relation")),
        wide(column("Address", "string", ".status.store.address")),
        wide(reason("Ready")));
    named(shape(crd))
        .required("", "spec")
        .required("spec", "product", "store")
        .text("spec.product", 127)
        .rule(
            "spec.product",
            "self.matches('^" + LABEL + "/" + LABEL + "$')",
            "is not of the form tenant/name: write the product's tenant too, such as sales/orders")
        .longest("spec.filter", LONGEST_EXPRESSION)
        .atMost("spec.select", MOST_COLUMNS)
        .notEmpty("spec.select")
        .whole("spec.select")
        .text("spec.select[].field", LONGEST_PATH)
        .text("spec.select[].expr", LONGEST_EXPRESSION)
        .text("spec.select[].as", 63)
        .rule(
            "spec.select[].as",
            IDENTIFIER,
            "cannot be a column's name: use letters, digits and underscores, beginning with a letter")
        .text("spec.select[].type", 63)
        .rule(
            "spec.select[]",
            "has(self.field) != has(self.expr)",
            "a column is given by exactly one of 'field' and 'expr'")
        .rule(
            "spec.select[]",
            "!has(self.expr) || has(self.__as__)",
            "a computed column has no name of its own: add 'as'")
        .words("spec.select[].mask", "None", "Hash", "Redact", "Partial")
        .required("spec.startFrom", "type")
        .words("spec.startFrom.type", "Beginning", "Now", "Timestamp", "Offsets")
        .standard("spec.startFrom", JsonNodeFactory.instance.objectNode().put("type", "Beginning"))
        .rule(
            "spec.startFrom",
            "has(self.timestamp) == (self.type == 'Timestamp')",
            "'timestamp' goes with the type Timestamp, and only with it")
        .rule(
            "spec.startFrom",
            "has(self.offsets) == (self.type == 'Offsets')",
            "'offsets' go with the type Offsets, and only with it")
        .atMost("spec.startFrom.offsets", MOST_OFFSETS)
        .atLeast("spec.startFrom.offsets{}", 0)
        .rule("spec.startFrom.offsets", PARTITIONS, OFFSETS)
        .rule(
            "spec.until",
            "has(self.timestamp) != has(self.offsets)",
            "until is either a timestamp or offsets")
        .atMost("spec.until.offsets", MOST_OFFSETS)
        .atLeast("spec.until.offsets{}", 0)
        .rule("spec.until.offsets", PARTITIONS, OFFSETS)
        .words("spec.mode", "Upsert", "Append")
        .standard("spec.mode", "Upsert")
        .text("spec.store.class", 63)
        .text("spec.store.name", 63)
        .rule(
            "spec.store.name",
            "self.matches('^" + LABEL + "$')",
            "is not a Store's name: it is one of the same namespace, so no path")
        .rule(
            "spec.store",
            "has(self.class) != has(self.name)",
            "a store is given by exactly one of 'class' and 'name': class for a store of its own,"
                + " name for a Store that is there")
        .rule(
            "spec.store",
            "!has(self.table) || !has(self.redis)",
            "'table' says how to keep events in Postgres, 'redis' how in Redis: remove one")
        .text("spec.store.table.name", 63)
        .text("spec.store.table.schema", 63)
        .rule(
            "spec.store.table.name",
            IDENTIFIER,
            "cannot be a table's name: use letters, digits and underscores, beginning with a"
                + " letter")
        .rule(
            "spec.store.table.schema",
            IDENTIFIER + " && self != 'millrace' && !self.startsWith('pg_')",
            "cannot be the table's schema: use letters, digits and underscores; millrace and pg_*"
                + " are reserved")
        .standard("spec.store.table.schema", "public")
        .atMost("spec.store.table.indexes", MOST_COLUMNS)
        .whole("spec.store.table.indexes")
        .atMost("spec.store.table.indexes[]", 32)
        .notEmpty("spec.store.table.indexes[]")
        .whole("spec.store.table.indexes[]")
        .text("spec.store.table.indexes[][]", 63)
        .words("spec.store.redis.structure", "Hash", "Json")
        .standard("spec.store.redis.structure", "Hash")
        .text("spec.store.redis.key", LONGEST_PATH)
        .text("spec.store.redis.ttl", 20)
        .rule(
            "spec.store.redis.ttl",
            DURATION,
            "is no length of time: write 24h or 30d; leave it out to keep keys")
        .words("spec.store.reclaimPolicy", "Retain", "Delete")
        .standard("spec.store.reclaimPolicy", "Retain")
        .words("spec.onError.policy", "DeadLetter", "Halt", "Skip")
        .standard("spec.onError.policy", "DeadLetter")
        .text("spec.onError.stopAfter", 30)
        .rule(
            "spec.onError.stopAfter",
            "self.matches('^ *[0-9]{1,15} *$') ||"
                + " self.matches('^ *(0?[0-9]{1,2}([.][0-9]{1,6})?|100([.]0{1,6})?) *% *$')",
            "is neither a number nor a share: write \"100\" for a number of dead letters, or \"5%\""
                + " for a share")
        .words("spec.onSchemaChange", "Additive", "Rebuild", "Stop")
        .standard("spec.onSchemaChange", "Additive")
        .longest("spec.access.purpose", LONGEST_EXPRESSION)
        .text("spec.access.requestedBy", LONGEST_PATH)
        .text("spec.access.for", 20)
        .rule("spec.access.for", DURATION, "is no length of time: write 90d or 24h")
        .words("spec.state", "Running", "Paused", "Stopped")
        .standard("spec.state", "Running")
        .atMost("spec.requests", 3)
        .rule(
            "spec.requests",
            "self.all(name, name in ['rotate', 'rebuild', 'acceptLoss'])",
            "what is asked once is one of rotate, rebuild, acceptLoss")
        .text("spec.requests{}", 100)
        .rule(
            "spec.requests",
            "self.all(name, self[name].matches('^[A-Za-z0-9._:-]+$'))",
            "a request's token is a word of letters, digits and . _ : -: write a date or a counter;"
                + " another token asks again")
        .rule("spec", "self.product == oldSelf.product", unchanging("product"))
        .rule("spec", "self.startFrom == oldSelf.startFrom", unchanging("startFrom"))
        .rule("spec", same("until"), unchanging("until"))
        .rule("spec.store", same("class"), unchanging("store.class"))
        .rule("spec.store", same("name"), unchanging("store.name"))
        .rule("spec.store", same("table", "name"), unchanging("store.table.name"))
        .rule(
            "spec.store",
            "(has(self.table) ? self.table.schema : 'public') == (has(oldSelf.table) ?"
                + " oldSelf.table.schema : 'public')",
            unchanging("store.table.schema"))
        .rule("spec.store", same("redis", "key"), unchanging("store.redis.key"))
        .listedBy("status.conditions", "type")
        .standard("status", JsonNodeFactory.instance.objectNode().put("observedGeneration", NOBODY))
        .required("status.conditions[]", "type", "status", "reason", "message")
        .listedBy("status.partitions", "partition")
        .required("status.partitions[]", "partition")
        .whole("status.lost");
  }

  private static void storeClass(CustomResourceDefinition crd) {
    columns(
        crd,
        column("Engine", "string", ".spec.engine"),
        column("Provider", "string", ".spec.provider"),
        column("Server", "string", ".spec.server"),
        age(),
        wide(column("Description", "string", ".spec.description")));
    named(shape(crd))
        .without("", "status")
        .says(
            "spec.provider",
            "How its stores come about: Shared, on a server that is there; StatefulSet, on a server"
                + " that is made for each; or External.")
        .says("spec.server", "For Shared: the server's host:port.")
        .required("", "spec")
        .required("spec", "provider")
        .words("spec.engine", "Postgres", "Redis")
        .words("spec.provider", "Shared", "StatefulSet", "External")
        .text("spec.server", 300)
        .rule(
            "spec.server",
            "self.matches('^[^:/ ]+:[0-9]{1,5}$')",
            "is no address of a server: write host:port")
        .words("spec.tls", "disable", "require", "verify-full")
        .text("spec.adminSecret", 253)
        .text("spec.rotateEvery", 20)
        .rule("spec.rotateEvery", DURATION, "is no length of time: write 30d or 24h")
        .between("spec.limits.subscriptions", 1, 100_000)
        .rule("spec.limits.subscriptions", "self >= 1", "use a whole number")
        .rule(
            "spec",
            "self.provider == 'External' ? !has(self.engine) && !has(self.server) &&"
                + " !has(self.adminSecret) && !has(self.tls) : has(self.engine) &&"
                + " has(self.server) == (self.provider == 'Shared') && has(self.adminSecret) =="
                + " (self.provider == 'Shared')",
            "Shared needs 'engine', 'server' and 'adminSecret'; StatefulSet 'engine' and"
                + " 'statefulSet'; the stores of External name their own")
        .rule(
            "spec",
            "has(self.statefulSet) == (self.provider == 'StatefulSet') && (!has(self.tls) ||"
                + " self.provider == 'Shared')",
            "'statefulSet' goes with the provider StatefulSet, and only with it; 'tls' only with"
                + " Shared")
        .required("spec.statefulSet", "storage")
        .text("spec.statefulSet.image", 300)
        .rule(
            "spec.statefulSet.image",
            "self.matches('^[a-zA-Z0-9][a-zA-Z0-9._/@:-]*$')",
            "is no name of an image: write registry.example.org/postgres:18")
        .text("spec.statefulSet.storageClassName", 253)
        .text("spec.statefulSet.storage", 30)
        .text("spec.statefulSet.cpu", 30)
        .text("spec.statefulSet.memory", 30)
        .rule("spec.statefulSet.storage", QUANTITY, "is no amount of bytes: write 10Gi")
        .rule("spec.statefulSet.cpu", QUANTITY, "is no share of a processor: write 500m, or \"2\"")
        .rule("spec.statefulSet.memory", QUANTITY, "is no amount of bytes: write 1Gi")
        .rule(
            "spec.statefulSet.memory",
            "!isQuantity(self) || quantity(self).compareTo(quantity('256Mi')) >= 0",
            "is too little for a server: give it 256Mi at least")
        .rule(
            "spec.statefulSet.storage",
            "!isQuantity(self) || !isQuantity(oldSelf) ||"
                + " quantity(self).compareTo(quantity(oldSelf)) >= 0",
            "cannot become less: volumes do not shrink; make another class")
        .rule(
            "spec.statefulSet",
            same("storageClassName"),
            "storageClassName cannot be changed: volumes stay where they are; make another class")
        .rule(
            "spec",
            "self.provider == oldSelf.provider && has(self.engine) == has(oldSelf.engine) &&"
                + " (!has(self.engine) || self.engine == oldSelf.engine)",
            "engine and provider cannot be changed: stores are of this class; make another class");
  }

  private static void store(CustomResourceDefinition crd) {
    columns(
        crd,
        column("Class", "string", ".spec.class"),
        column("Engine", "string", ".status.engine"),
        column("Host", "string", ".status.host"),
        column("Database", "string", ".status.database"),
        condition("Ready"),
        age());
    named(shape(crd))
        .required("", "spec")
        .required("spec", "class")
        .text("spec.class", 63)
        .words("spec.reclaimPolicy", "Retain", "Delete")
        .standard("spec.reclaimPolicy", "Retain")
        .required("spec.connection", "engine", "host", "writer")
        .words("spec.connection.engine", "Postgres", "Redis")
        .text("spec.connection.host", 253)
        .rule(
            "spec.connection.host",
            "self.matches('^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$')",
            "is no name or address of a host: write db.example.org")
        .between("spec.connection.port", 1, 65_535)
        .rule("spec.connection.port", "self >= 1", "use a whole number")
        .text("spec.connection.database", 200)
        .rule(
            "spec.connection",
            "self.engine != 'Postgres' || (has(self.database) && self.database.matches('[^ ]'))",
            "a Postgres connection names its database")
        .rule(
            "spec.connection",
            "self.engine != 'Redis' || !has(self.database) ||"
                + " self.database.matches('^[0-9]{1,5}$')",
            "a Redis database is a number: leave it out for 0")
        .words("spec.connection.tls", "disable", "require", "verify-full")
        .standard("spec.connection.tls", "disable")
        .without("spec.connection.writer", "username")
        .without("spec.connection.reader", "username")
        .says(
            "spec.connection.writer.secret",
            "A Secret of the same namespace with username and password.")
        .says(
            "spec.connection.reader.secret",
            "A Secret of the same namespace with username and password.")
        .required("spec.connection.writer", "secret")
        .text("spec.connection.writer.secret", 253)
        .rule("spec.connection.writer.secret", "self.matches('" + SECRET + "')", NO_SECRET)
        .required("spec.connection.reader", "secret")
        .text("spec.connection.reader.secret", 253)
        .rule("spec.connection.reader.secret", "self.matches('" + SECRET + "')", NO_SECRET)
        .rule("spec", "self.class == oldSelf.class", moved("class"))
        .rule(
            "spec",
            "has(self.connection) == has(oldSelf.connection)",
            "a store stays where it is: declare a second one, and move the subscriptions")
        .rule("spec.connection", "self.engine == oldSelf.engine", moved("connection.engine"))
        .rule("spec.connection", "self.host == oldSelf.host", moved("connection.host"))
        .rule("spec.connection", same("port"), moved("connection.port"))
        .rule("spec.connection", same("database"), moved("connection.database"))
        .listedBy("status.conditions", "type")
        .required("status.conditions[]", "type", "status", "reason", "message")
        .whole("status.subscriptions");
  }

  private static void accessRequest(CustomResourceDefinition crd) {
    columns(
        crd,
        column("Product", "string", ".spec.product"),
        column("Subscription", "string", ".spec.subscription"),
        column("Phase", "string", ".status.phase"),
        column("Expires", "string", ".status.expires"),
        age(),
        wide(column("Asked-By", "string", ".spec.requestedBy")),
        wide(column("Decided-By", "string", ".spec.decision.by")),
        wide(column("Purpose", "string", ".spec.purpose")));
    Shape shape =
        named(shape(crd))
            .required("", "spec")
            .required("spec", "product", "subscription", "uid", "fields")
            .text("spec.product", 63)
            .text("spec.subscription", 127)
            .text("spec.uid", 63)
            .text("spec.requestedBy", LONGEST_PATH)
            .longest("spec.purpose", LONGEST_EXPRESSION)
            .text("spec.for", 20)
            .atMost("spec.fields", MOST_COLUMNS)
            .whole("spec.fields")
            .required("spec.fields[]", "path")
            .text("spec.fields[].path", LONGEST_PATH)
            .words("spec.fields[].mask", "Partial", "Hash", "Redact")
            .longest("spec.filter", LONGEST_EXPRESSION)
            .words("spec.mode", "Upsert", "Append")
            .required("spec.decision", "verdict", "by")
            .words("spec.decision.verdict", "Approved", "Denied", "Revoked")
            .text("spec.decision.by", LONGEST_PATH)
            .longest("spec.decision.reason", LONGEST_EXPRESSION)
            .atMost("spec.decision.fields", MOST_COLUMNS)
            .whole("spec.decision.fields")
            .notEmpty("spec.decision.fields")
            .text("spec.decision.fields[]", LONGEST_PATH)
            .text("spec.decision.rowFilter", LONGEST_EXPRESSION)
            .atMost("spec.decision.masks", MOST_COLUMNS)
            .words("spec.decision.masks{}", "Partial", "Hash", "Redact")
            .rule(
                "spec.decision",
                "self.verdict == 'Approved' || !(has(self.until) && self.verdict == 'Denied')",
                "until goes with what is approved: nothing that is denied ends")
            .rule(
                "spec",
                "!has(oldSelf.decision) || has(self.decision)",
                "a decision is not taken back: set its verdict to Revoked or Denied")
            .listedBy("status.conditions", "type")
            .required("status.conditions[]", "type", "status", "reason", "message");
    List.of(
            "product",
            "subscription",
            "uid",
            "requestedBy",
            "purpose",
            "for",
            "fields",
            "everyField",
            "filter",
            "mode")
        .forEach(field -> shape.rule("spec", sameAsked(field), asked(field)));
  }

  /** {@code for} is a word of CEL's own. */
  private static String sameAsked(String field) {
    return same(field.equals("for") ? "__for__" : field);
  }

  private static String asked(String field) {
    return field
        + " cannot be changed: it is what the subscription asked for, and only decision is the"
        + " owner's; another subscription asks anew";
  }

  private static String unchanging(String field) {
    return field
        + " cannot be changed: it says where the events come from or where they are kept; make a"
        + " second subscription with the new value, then delete this one";
  }

  private static String moved(String field) {
    return field
        + " cannot be changed: subscriptions write to this store where it is; declare a second"
        + " one, and move the subscriptions";
  }

  private static String same(String field) {
    return "has(self.F) == has(oldSelf.F) && (!has(self.F) || self.F == oldSelf.F)"
        .replace("F", field);
  }

  /** Of an object that may not be there. */
  private static String same(String object, String field) {
    return ("(has(self.O) && has(self.O.F) ? self.O.F : '') =="
            + " (has(oldSelf.O) && has(oldSelf.O.F) ? oldSelf.O.F : '')")
        .replace("O", object)
        .replace("F", field);
  }

  private static Shape named(Shape shape) {
    return shape
        .says("spec", "What is wanted.")
        .says("status", "What is; written by the platform.")
        .rule(
            "",
            "self.metadata.name.size() <= 63 && self.metadata.name.matches('^" + LABEL + "$')",
            "use at most 63 small letters, digits and dashes for the name, beginning with a letter");
  }

  private static Shape shape(CustomResourceDefinition crd) {
    return new Shape(version(crd).getSchema().getOpenAPIV3Schema());
  }

  private static CustomResourceDefinitionVersion version(CustomResourceDefinition crd) {
    return crd.getSpec().getVersions().get(0);
  }

  private static void columns(
      CustomResourceDefinition crd, CustomResourceColumnDefinition... columns) {
    version(crd).setAdditionalPrinterColumns(List.of(columns));
  }

  private static CustomResourceColumnDefinition column(String name, String type, String path) {
    return new CustomResourceColumnDefinitionBuilder()
        .withName(name)
        .withType(type)
        .withJsonPath(path)
        .build();
  }

  private static CustomResourceColumnDefinition condition(String type) {
    return column(type, "string", ".status.conditions[?(@.type==\"" + type + "\")].status");
  }

  private static CustomResourceColumnDefinition reason(String type) {
    return column("Reason", "string", ".status.conditions[?(@.type==\"" + type + "\")].reason");
  }

  private static CustomResourceColumnDefinition age() {
    return column("Age", "date", ".metadata.creationTimestamp");
  }

  /** Only with {@code -o wide}. */
  private static CustomResourceColumnDefinition wide(CustomResourceColumnDefinition column) {
    column.setPriority(1);
    return column;
  }
}
