package dev.millrace.needs.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.needs.name.Names;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.FieldChange;
import dev.millrace.needs.schema.FieldType;
import dev.millrace.needs.schema.SchemaRejected;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with a product. */
public final class ProductCheck {
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final List<String> CLASSES = List.of("Public", "Internal", "Personal", "Secret");
  private static final List<String> POLICIES = List.of("Open", "Approval");
  private static final List<String> COMPATIBILITIES = List.of("Additive", "None");
  private static final int PARTITIONS = 4;
  private static final int MOST_PARTITIONS = 1000;

  private final Findings findings = new Findings();

  private ProductCheck() {}

  /**
   * @param before the spec as it stands, when it is being changed
   * @return pointers lead into the object, such as {@code /spec/key}
   */
  public static List<Finding> check(
      ObjectKey key, DataProductSpec spec, Optional<DataProductSpec> before) {
    ProductCheck check = new ProductCheck();
    check.names(key);
    check.topic(spec.topic());
    check.reservedByDefault(key, spec);
    check.schema(spec);
    check.findings.oneOf("/spec/accessPolicy", spec.accessPolicy(), POLICIES, "Open");
    String compatibility =
        check.findings.oneOf(
            "/spec/compatibility", spec.compatibility(), COMPATIBILITIES, "Additive");
    before.ifPresent(was -> check.unchanged(was, spec, compatibility.equals("Additive")));
    return check.findings.list();
  }

  /**
   * Its schema; empty when there is none, or it cannot be read: then the product says so itself.
   */
  public static Optional<EventSchema> readable(DataProductSpec spec) {
    try {
      return spec.schema() == null ? Optional.empty() : Optional.of(EventSchema.of(spec.schema()));
    } catch (SchemaRejected e) {
      return Optional.empty();
    }
  }

  /** The topic's name, whether given or not. */
  public static String topicName(ObjectKey product, DataProductSpec spec) {
    return spec.topic() != null && spec.topic().name() != null
        ? spec.topic().name()
        : product.tenant() + "." + product.name();
  }

  /** Of a topic that is made for the product. */
  public static int partitions(DataProductSpec spec) {
    return spec.topic() == null || spec.topic().partitions() == null
        ? PARTITIONS
        : spec.topic().partitions();
  }

  /** How long a topic that is made for the product keeps events; empty for ever. */
  public static Optional<Duration> retention(DataProductSpec spec) {
    return Optional.ofNullable(spec.topic())
        .map(DataProductSpec.Topic::retention)
        .flatMap(Durations::parse);
  }

  /** A topic that is named after its tenant could fall among the internal ones, too. */
  private void reservedByDefault(ObjectKey product, DataProductSpec spec) {
    boolean named = spec.topic() != null && spec.topic().name() != null;
    String topic = topicName(product, spec);
    if (!named && topic.startsWith("millrace.")) {
      findings.add(
          "/spec/topic/name",
          "TopicReserved",
          "the topic would be '" + topic + "', and 'millrace.' is internal",
          "Name a topic.");
    }
  }

  private void names(ObjectKey key) {
    if (!Names.isLabel(key.tenant())) {
      findings.add(
          "/metadata/namespace",
          "InvalidName",
          "'" + key.tenant() + "' cannot be a tenant's name",
          "Use at most 63 small letters, digits and dashes, beginning with a letter.");
    }
    if (!Names.isLabel(key.name())) {
      findings.add(
          "/metadata/name",
          "InvalidName",
          "'" + key.name() + "' cannot be a name",
          "Use at most 63 small letters, digits and dashes, beginning with a letter.");
    }
  }

  private void topic(DataProductSpec.@Nullable Topic topic) {
    if (topic == null) {
      return;
    }
    String name = topic.name();
    if (name != null) {
      if (!TOPIC.matcher(name).matches() || name.equals(".") || name.equals("..")) {
        findings.add(
            "/spec/topic/name",
            "InvalidName",
            "'" + name + "' cannot be a topic's name",
            "Use at most 249 letters, digits, dots, dashes and underscores.");
      } else if (name.startsWith("millrace.") || name.startsWith("__")) {
        findings.add(
            "/spec/topic/name",
            "TopicReserved",
            "topics beginning with 'millrace.' or '__' are internal",
            "Choose another name, or leave it out for one after tenant and product.");
      }
    }
    Integer partitions = topic.partitions();
    if (partitions != null && (partitions < 1 || partitions > MOST_PARTITIONS)) {
      findings.add(
          "/spec/topic/partitions",
          "OutOfRange",
          partitions + " partitions are not possible",
          "Use 1 to " + MOST_PARTITIONS + "; 4 is the default.");
    }
    String retention = topic.retention();
    if (retention != null && !retention.equals("forever") && Durations.parse(retention).isEmpty()) {
      findings.add(
          "/spec/topic/retention",
          "InvalidDuration",
          "'" + retention + "' is no length of time",
          "Write 7d, 24h, or forever.");
    }
  }

  private void schema(DataProductSpec spec) {
    if (spec.schema() == null) {
      findings.add(
          "/spec/schema",
          "Missing",
          "a product needs the schema of its events",
          "Give a JSON Schema, or have one drafted from samples by POST /api/v1/schema-inferences.");
      return;
    }
    try {
      EventSchema schema = EventSchema.of(spec.schema());
      key(spec.key(), schema);
      classifications(spec.classifications(), schema);
    } catch (SchemaRejected e) {
      e.findings()
          .forEach(f ->
              findings.add(
                  "/spec/schema" + f.pointer(),
                  f.code(),
                  f.message(),
                  Objects.requireNonNull(f.remedy())));
    }
  }

  private void key(@Nullable String key, EventSchema schema) {
    if (key == null) {
      findings.add(
          "/spec/key",
          "Missing",
          "a product needs a key: the field whose text is the Kafka record key",
          "Name a field that every event has and that identifies its subject.");
      return;
    }
    Optional<FieldType.Field> field = schema.root().field(key);
    if (field.isEmpty()) {
      findings.add(
          "/spec/key",
          "UnknownField",
          "'" + key + "' is not a top-level field of the schema",
          Findings.didYouMean(key, schema.root().fields().keySet())
              .orElse("Name one of " + String.join(", ", schema.root().fields().keySet()) + "."));
      return;
    }
    boolean fits =
        field.get().type() instanceof FieldType.Text || field.get().type() instanceof FieldType.Int;
    if (!fits) {
      findings.add(
          "/spec/key",
          "TypeMismatch",
          "the key field '" + key + "' is of the type " + field.get().type().spelled(),
          "A key is a string or an integer.");
    }
    if (!field.get().required()) {
      findings.add(
          "/spec/key",
          "KeyNotRequired",
          "the key field '" + key + "' may be absent or null",
          "Add '" + key + "' to the schema's \"required\" and do not allow null.");
    }
  }

  private void classifications(@Nullable Map<String, String> classifications, EventSchema schema) {
    if (classifications == null) {
      return;
    }
    classifications.forEach((path, word) -> {
      String pointer = "/spec/classifications/" + path.replace("~", "~0").replace("/", "~1");
      if (schema.field(path).isEmpty()) {
        findings.add(
            pointer,
            "UnknownField",
            "'" + path + "' is not a field of the schema",
            Findings.didYouMean(path, schema.paths()).orElse("Name a field by its path."));
      }
      findings.oneOf(pointer, word == null ? "" : word, CLASSES, "Internal");
    });
  }

  private void unchanged(DataProductSpec was, DataProductSpec is, boolean additive) {
    immutable("/spec/key", was.key(), is.key());
    immutable(
        "/spec/insertOnly",
        Boolean.TRUE.equals(was.insertOnly()),
        Boolean.TRUE.equals(is.insertOnly()));
    immutable("/spec/topic", was.topic(), is.topic());
    JsonNode before = was.schema();
    if (additive && before != null && is.schema() != null) {
      additive(before, is.schema());
    }
  }

  private void immutable(String pointer, @Nullable Object was, @Nullable Object is) {
    if (!Objects.equals(was, is)) {
      findings.add(
          pointer,
          "ImmutableField",
          pointer.substring("/spec/".length()) + " cannot be changed once events may be there",
          "Register a second product and move its subscribers.");
    }
  }

  private void additive(JsonNode before, JsonNode after) {
    try {
      for (FieldChange change : EventSchema.of(before).changesTo(EventSchema.of(after))) {
        if (!change.isWidened()) {
          findings.add(
              "/spec/schema" + change.pointer(),
              "SchemaIncompatible",
              change.spelled() + ", and subscribers rely on it",
              "Only add fields, or let integer become number; for another shape register a second"
                  + " product, or set compatibility: None, and each subscription does as its"
                  + " onSchemaChange says.");
        }
      }
    } catch (SchemaRejected toldAlready) {
      return;
    }
  }
}
