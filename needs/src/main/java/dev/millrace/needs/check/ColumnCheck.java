package dev.millrace.needs.check;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec.SelectedField;
import dev.millrace.needs.access.Grant;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.column.ColumnTypes;
import dev.millrace.needs.filter.Expression;
import dev.millrace.needs.filter.ExpressionRejected;
import dev.millrace.needs.name.Names;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.FieldType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From {@code spec.select} to columns. */
final class ColumnCheck {
  static final List<String> MASKS = List.of("None", "Hash", "Redact", "Partial");
  private static final int MOST = 1000;

  private final EventSchema schema;
  private final ObjectKey productKey;
  private final DataProductSpec product;
  private final Grant grant;
  private final boolean upsert;
  private final Findings findings;

  /**
   * @param productKey whose owner granted
   */
  ColumnCheck(
      EventSchema schema,
      ObjectKey productKey,
      DataProductSpec product,
      Grant grant,
      boolean upsert,
      Findings findings) {
    this.schema = schema;
    this.productKey = productKey;
    this.product = product;
    this.grant = grant;
    this.upsert = upsert;
    this.findings = findings;
  }

  List<PipelinePlan.Column> columns(@Nullable List<SelectedField> select) {
    if (select == null) {
      return everyField();
    }
    if (select.isEmpty() || select.size() > MOST) {
      findings.add(
          "/spec/select",
          "OutOfRange",
          select.size() + " columns are selected",
          "Select 1 to " + MOST + " columns, or leave select out for all fields.");
      return List.of();
    }
    List<PipelinePlan.Column> columns = new ArrayList<>();
    boolean keyNamed = select.stream().anyMatch(s -> s != null && Boolean.TRUE.equals(s.key()));
    for (int i = 0; i < select.size(); i++) {
      column("/spec/select/" + i, select.get(i), keyNamed).ifPresent(columns::add);
    }
    duplicates(columns, select);
    requireKey(columns, select.size());
    return columns;
  }

  /** Of those that are granted. */
  private List<PipelinePlan.Column> everyField() {
    List<PipelinePlan.Column> columns = new ArrayList<>();
    for (FieldType.Field field : schema.root().fields().values()) {
      boolean key = upsert && field.name().equals(product.key());
      String mask = grant.mask(field.name());
      List<String> lacking = grant.lacks(field.name(), mask, schema, product);
      if (key) {
        NeedCheck.notGranted(findings, "/spec/select", productKey, lacking);
        checkKey("/spec/select", true, mask, Optional.empty());
      }
      if (lacking.isEmpty()) {
        ColumnType type = type(field.type(), mask, key);
        columns.add(
            new PipelinePlan.Column(
                Names.identifierFrom(field.name()),
                field.name(),
                null,
                ColumnTypes.canonical(type),
                key,
                mask));
      }
    }
    if (columns.isEmpty()) {
      findings.add(
          "/spec/select",
          "NotGranted",
          "the owner of '" + productKey + "' granted none of its fields as a whole",
          "List in select what was granted.");
    }
    Map<String, String> taken = new HashMap<>();
    for (PipelinePlan.Column column : columns) {
      String other = taken.put(column.name().toLowerCase(Locale.ROOT), column.field());
      if (other != null) {
        findings.add(
            "/spec/select",
            "DuplicateColumn",
            "the fields '" + other + "' and '" + column.field() + "' both become " + column.name(),
            "List the fields in select and rename one with 'as'.");
      }
    }
    return columns;
  }

  private Optional<PipelinePlan.Column> column(
      String pointer, @Nullable SelectedField selected, boolean keyNamed) {
    if (selected == null || (selected.field() == null) == (selected.expr() == null)) {
      findings.add(
          pointer,
          "ExactlyOne",
          "a column has exactly one of 'field' and 'expr'",
          "Write {field: total} or {expr: \"event.total * 0.9\", as: net}.");
      return Optional.empty();
    }
    Optional<FieldType> source =
        selected.field() != null
            ? field(pointer, selected.field())
            : expression(pointer, selected.expr());
    Optional<String> name = name(pointer, selected);
    String asked = findings.oneOf(pointer + "/mask", selected.mask(), MASKS, "None");
    String mask = selected.field() == null ? asked : grant.mask(selected.field(), asked);
    if (selected.field() != null && source.isPresent()) {
      NeedCheck.notGranted(
          findings,
          pointer + "/field",
          productKey,
          grant.lacks(selected.field(), mask, schema, product));
    }
    boolean isKeyField = selected.field() != null && selected.field().equals(product.key());
    boolean key = upsert && (keyNamed ? Boolean.TRUE.equals(selected.key()) : isKeyField);
    if (source.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    Optional<ColumnType> type = type(pointer, selected, source.get(), asked, mask, key);
    if (key) {
      checkKey(pointer, isKeyField, mask, type);
    }
    return type.map(of ->
        new PipelinePlan.Column(
            name.get(), selected.field(), selected.expr(), ColumnTypes.canonical(of), key, mask));
  }

  private Optional<FieldType> field(String pointer, String path) {
    Optional<FieldType.Field> field = schema.field(path);
    if (field.isEmpty()) {
      findings.add(
          pointer + "/field",
          "UnknownField",
          "'" + path + "' is not a field of the product",
          Findings.didYouMean(path, schema.paths())
              .orElse("The product has: " + String.join(", ", schema.paths()) + "."));
    }
    return field.map(FieldType.Field::type);
  }

  private Optional<FieldType> expression(String pointer, String expr) {
    try {
      Expression expression = Expression.compile(expr, schema);
      NeedCheck.notGranted(
          findings, pointer + "/expr", productKey, grant.lacks(expression, schema, product));
      return Optional.of(expression.result());
    } catch (ExpressionRejected e) {
      e.mistakes().forEach(m -> findings.add(pointer + "/expr", m.code(), m.message(), m.remedy()));
      return Optional.empty();
    }
  }

  private Optional<String> name(String pointer, SelectedField selected) {
    if (selected.as() == null && selected.field() == null) {
      findings.add(
          pointer + "/as",
          "Missing",
          "a computed column needs a name",
          "Add 'as', such as {expr: \"size(event.lines)\", as: line_count}.");
      return Optional.empty();
    }
    String name = selected.as() != null ? selected.as() : Names.identifierFrom(selected.field());
    if (!Names.isIdentifier(name)) {
      findings.add(
          pointer + "/as",
          "InvalidName",
          "'" + abbreviated(name) + "' cannot be a column's name",
          "Use at most 63 letters, digits and underscores, beginning with a letter.");
      return Optional.empty();
    }
    return Optional.of(name);
  }

  private Optional<ColumnType> type(
      String pointer,
      SelectedField selected,
      FieldType source,
      String asked,
      String mask,
      boolean key) {
    boolean masked = !mask.equals("None");
    if (selected.type() == null) {
      return Optional.of(type(source, mask, key));
    }
    Optional<ColumnType> type = ColumnTypes.parse(selected.type());
    if (type.isEmpty()) {
      findings.add(
          pointer + "/type",
          "UnknownType",
          "'" + abbreviated(selected.type()) + "' is not a column type",
          selected.type().startsWith("decimal(")
              ? "Write decimal(p,s) with p digits in all, s of them after the point: decimal(12,2)."
              : Findings.didYouMean(selected.type(), ColumnTypes.SPELLINGS)
                  .orElse("Use one of " + String.join(", ", ColumnTypes.SPELLINGS) + "."));
      return Optional.empty();
    }
    if (masked && !(type.get() instanceof ColumnType.Text)) {
      findings.add(
          pointer + "/type",
          "TypeMismatch",
          "a masked column is text, not " + selected.type(),
          mask.equals(asked)
              ? "Leave 'type' out, or drop the mask."
              : "Leave 'type' out: it was granted only behind the mask " + mask + ".");
      return Optional.empty();
    }
    if (!masked && !ColumnTypes.fits(source, type.get())) {
      findings.add(
          pointer + "/type",
          "TypeMismatch",
          source.spelled() + " does not go into " + selected.type(),
          "Leave 'type' out for "
              + ColumnTypes.canonical(ColumnTypes.natural(source))
              + ", or convert it in an 'expr'.");
      return Optional.empty();
    }
    return type;
  }

  /** A tombstone carries the record key alone, so the store's key must follow from that. */
  private void checkKey(
      String pointer, boolean isKeyField, String mask, Optional<ColumnType> type) {
    if (!isKeyField) {
      findings.add(
          pointer + "/key",
          "KeyNotInjective",
          "in Upsert the key is the product's key field '" + product.key() + "'",
          "Mark that field as key, or use mode Append where every event is a row.");
    }
    if (mask.equals("Redact") || mask.equals("Partial")) {
      findings.add(
          pointer + "/mask",
          "KeyNotInjective",
          "two keys could look the same under the mask " + mask,
          "Use Hash for a key, which keeps different keys different.");
    }
    boolean lossy =
        type.filter(t ->
                !(t instanceof ColumnType.Text
                    || t instanceof ColumnType.Int32
                    || t instanceof ColumnType.Int64))
            .isPresent();
    if (lossy) {
      findings.add(
          pointer + "/type",
          "KeyNotInjective",
          "two keys could become one as " + ColumnTypes.canonical(type.get()),
          "Keep a key text, integer or bigint.");
    }
  }

  /** What it is when nothing else is asked for. */
  private static ColumnType type(FieldType source, String mask, boolean key) {
    if (!mask.equals("None")) {
      return new ColumnType.Text();
    }
    return key ? keyType(source) : ColumnTypes.natural(source);
  }

  private static ColumnType keyType(FieldType type) {
    return type instanceof FieldType.Int ? new ColumnType.Int64() : new ColumnType.Text();
  }

  private void duplicates(List<PipelinePlan.Column> columns, List<SelectedField> select) {
    Map<String, Boolean> seen = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i).name();
      if (seen.put(name.toLowerCase(Locale.ROOT), true) != null) {
        findings.add(
            columns.size() == select.size() ? "/spec/select/" + i + "/as" : "/spec/select",
            "DuplicateColumn",
            "the column '" + name + "' is there twice",
            "Rename one of them with 'as'; capital and small letters count as the same.");
      }
    }
  }

  private void requireKey(List<PipelinePlan.Column> columns, int selected) {
    boolean complete = columns.size() == selected;
    if (upsert && complete && columns.stream().noneMatch(PipelinePlan.Column::key)) {
      findings.add(
          "/spec/select",
          "KeyMissing",
          "in Upsert the product's key field '" + product.key() + "' must be a column",
          "Add {field: " + product.key() + ", key: true}, or use mode Append.");
    }
    if (columns.stream().filter(PipelinePlan.Column::key).count() > 1) {
      findings.add(
          "/spec/select",
          "KeyNotInjective",
          "more than one column is the key",
          "Mark one column as key: the field '" + product.key() + "'.");
    }
  }

  static String abbreviated(String text) {
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
