package dev.millrace.needs.check;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec.OnError;
import dev.millrace.api.subscription.DataSubscriptionSpec.StartFrom;
import dev.millrace.api.subscription.DataSubscriptionSpec.Until;
import dev.millrace.needs.access.AccessRequests;
import dev.millrace.needs.access.Grant;
import dev.millrace.needs.filter.ExpressionRejected;
import dev.millrace.needs.filter.Filter;
import dev.millrace.needs.name.Names;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.SchemaRejected;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From what was asked to a need that is right, or to everything that is wrong with it. */
public final class NeedCheck {
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");
  private static final Pattern COUNT = Pattern.compile("\\d{1,15}");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
  private static final List<String> STARTS = List.of("Beginning", "Now", "Timestamp", "Offsets");
  private static final List<String> REQUESTS = List.of("rotate", "rebuild", "acceptLoss");

  private final ObjectKey subscription;
  private final DataSubscriptionSpec spec;
  private final Surroundings around;
  private final Findings findings = new Findings();

  private NeedCheck(ObjectKey subscription, DataSubscriptionSpec spec, Surroundings around) {
    this.subscription = subscription;
    this.spec = spec;
    this.around = around;
  }

  /** Takes whatever decodes; never throws. Pointers lead into the object: {@code /spec/filter}. */
  public static Checked check(
      ObjectKey subscription, DataSubscriptionSpec spec, Surroundings around) {
    return new NeedCheck(subscription, spec, around).run();
  }

  private Checked run() {
    names();
    around.before().ifPresent(before -> Immutable.check(before, spec, findings));
    String mode = findings.oneOf("/spec/mode", spec.mode(), List.of("Upsert", "Append"), "Upsert");
    String state =
        findings.oneOf(
            "/spec/state", spec.state(), List.of("Running", "Paused", "Stopped"), "Running");
    String onSchemaChange =
        findings.oneOf(
            "/spec/onSchemaChange",
            spec.onSchemaChange(),
            List.of("Additive", "Rebuild", "Stop"),
            "Additive");
    StartFrom start = start(spec.startFrom());
    until(spec.until());
    PipelinePlan.ErrorPolicy onError = onError(spec.onError());
    Map<String, String> requests = requests(spec.requests());
    access();
    Optional<ObjectKey> product = product();
    Optional<EventSchema> schema = product.flatMap(this::schema);
    Optional<Grant> grant = product.map(this::grant);
    schema.ifPresent(known -> filter(known, product.get(), grant.get()));
    List<PipelinePlan.Column> columns =
        schema.map(s -> columns(s, product.get(), grant.get(), mode)).orElse(List.of());
    StoreCheck.Result store =
        new StoreCheck(subscription, around, findings)
            .check(spec.store(), mode, columns, schema.isPresent());
    if (!findings.isEmpty()) {
      return new Checked(findings.list(), Optional.empty());
    }
    return new Checked(
        List.of(),
        Optional.of(
            new Need(
                subscription,
                product.orElseThrow(),
                around.products().get(product.get()),
                grant
                    .orElseThrow()
                    .filtered(Optional.ofNullable(spec.filter()).filter(text -> !text.isBlank())),
                columns,
                spec.select() == null,
                onSchemaChange,
                mode,
                start,
                Optional.ofNullable(spec.until()),
                store.store().orElseThrow(),
                store.newClass(),
                store.engine().orElseThrow(),
                store.table(),
                store.keys(),
                onError,
                state,
                store.reclaimPolicy(),
                requests)));
  }

  private void names() {
    if (!Names.isLabel(subscription.tenant())) {
      findings.add(
          "/metadata/namespace",
          "InvalidName",
          "'" + ColumnCheck.abbreviated(subscription.tenant()) + "' cannot be a tenant's name",
          "Use at most 63 small letters, digits and dashes, beginning with a letter.");
    }
    if (!Names.isLabel(subscription.name())) {
      findings.add(
          "/metadata/name",
          "InvalidName",
          "'" + ColumnCheck.abbreviated(subscription.name()) + "' cannot be a name",
          "Use at most 63 small letters, digits and dashes, beginning with a letter.");
    }
  }

  private Optional<ObjectKey> product() {
    String text = spec.product();
    if (text == null || text.isBlank()) {
      findings.add(
          "/spec/product",
          "Missing",
          "a subscription names the product it wants",
          "Write product: tenant/name; GET /api/v1/products lists them.");
      return Optional.empty();
    }
    ObjectKey key;
    try {
      key = ObjectKey.parse(text);
    } catch (IllegalArgumentException e) {
      findings.add(
          "/spec/product",
          "InvalidReference",
          "'" + ColumnCheck.abbreviated(text) + "' is not of the form tenant/name",
          didYouMeanProduct(text).orElse("Write the product's tenant too, such as sales/orders."));
      return Optional.empty();
    }
    if (!around.products().containsKey(key)) {
      findings.add(
          "/spec/product",
          "UnknownProduct",
          "there is no product '" + ColumnCheck.abbreviated(text) + "'",
          didYouMeanProduct(text).orElse("GET /api/v1/products lists those there are."));
      return Optional.empty();
    }
    return Optional.of(key);
  }

  private Optional<String> didYouMeanProduct(String text) {
    Optional<String> sameName =
        around.products().keySet().stream()
            .filter(key -> key.name().equals(text))
            .map(key -> "Did you mean '" + key + "'?")
            .findFirst();
    return sameName.or(() ->
        Findings.didYouMean(
            ColumnCheck.abbreviated(text),
            around.products().keySet().stream()
                .map(ObjectKey::toString)
                .collect(Collectors.toSet())));
  }

  private Optional<EventSchema> schema(ObjectKey product) {
    DataProductSpec of = around.products().get(product);
    try {
      return Optional.of(EventSchema.of(Objects.requireNonNull(of.schema())));
    } catch (SchemaRejected e) {
      findings.add(
          "/spec/product",
          "SchemaInvalid",
          "the schema of '" + product + "' cannot be read: " + e.getMessage(),
          "Its owner has to correct it.");
      return Optional.empty();
    }
  }

  /** All, where nobody has to be asked. */
  private Grant grant(ObjectKey product) {
    DataProductSpec of = around.products().get(product);
    if (!AccessRequests.isAsked(subscription, product, of)) {
      return Grant.ALL;
    }
    String owner = Objects.requireNonNullElse(of.owner(), "its owner");
    if (around.grant().isEmpty()) {
      findings.add(
          "/spec/product",
          "ApprovalRequired",
          "the owner of '" + product + "' approves each access, and nobody did",
          "Ask " + owner + " to open the product; on Kubernetes a request is made by itself.");
      return Grant.ALL;
    }
    return around.grant().get();
  }

  private void filter(EventSchema schema, ObjectKey product, Grant grant) {
    boolean some = grant.rowFilter().filter(rows -> isRowFilter(schema, product, rows)).isPresent();
    Optional<String> asked = Optional.ofNullable(spec.filter()).filter(text -> !text.isBlank());
    boolean right = asked.isPresent() && compiles(asked.get(), schema, product, grant);
    if (some && right) {
      // Both together, too: they may be longer than one may be.
      compiles(grant.filtered(asked).orElseThrow(), schema, product, Grant.ALL);
    }
  }

  private boolean compiles(String filter, EventSchema schema, ObjectKey product, Grant grant) {
    try {
      Filter compiled = Filter.compile(filter, schema);
      notGranted(
          findings,
          "/spec/filter",
          product,
          grant.lacks(compiled.expression(), schema, around.products().get(product)));
      return true;
    } catch (ExpressionRejected e) {
      e.mistakes().forEach(m -> findings.add("/spec/filter", m.code(), m.message(), m.remedy()));
      return false;
    }
  }

  private boolean isRowFilter(EventSchema schema, ObjectKey product, String rows) {
    if ("Append".equals(spec.mode())) {
      findings.add(
          "/spec/mode",
          "NotGranted",
          "the owner of '"
              + product
              + "' granted some of its events only, and a deletion, which is a row in Append, does"
              + " not say of which it is",
          "Use mode Upsert.");
    }
    try {
      Filter.compile(rows, schema);
      return true;
    } catch (ExpressionRejected e) {
      findings.add(
          "/spec/product",
          "GrantInvalid",
          "the owner of '"
              + product
              + "' granted some of its events, by an expression that cannot be read: "
              + e.mistakes().get(0).message(),
          "The owner has to correct decision.rowFilter of the access request.");
      return false;
    }
  }

  /** Whatever refers to a field that was not granted. */
  static void notGranted(
      Findings findings, String pointer, ObjectKey product, List<String> lacking) {
    if (!lacking.isEmpty()) {
      findings.add(
          pointer,
          "NotGranted",
          "the owner of '" + product + "' did not grant: " + String.join(", ", lacking),
          "Do without it, or ask for more: change spec.access and tell the owner.");
    }
  }

  private List<PipelinePlan.Column> columns(
      EventSchema schema, ObjectKey product, Grant grant, String mode) {
    return new ColumnCheck(
            schema, product, around.products().get(product), grant, mode.equals("Upsert"), findings)
        .columns(spec.select());
  }

  private StartFrom start(@Nullable StartFrom start) {
    if (start == null) {
      return new StartFrom("Beginning", null, null);
    }
    if (start.type() == null) {
      findings.add(
          "/spec/startFrom/type",
          "Missing",
          "startFrom needs a type",
          "Use one of " + String.join(", ", STARTS) + ".");
    }
    String type = findings.oneOf("/spec/startFrom/type", start.type(), STARTS, "Beginning");
    together("timestamp", type.equals("Timestamp"), start.timestamp() != null, "Timestamp");
    together("offsets", type.equals("Offsets"), start.offsets() != null, "Offsets");
    offsets("/spec/startFrom/offsets", start.offsets());
    return new StartFrom(type, start.timestamp(), start.offsets());
  }

  private void until(@Nullable Until until) {
    if (until == null) {
      return;
    }
    if ((until.timestamp() == null) == (until.offsets() == null)) {
      findings.add(
          "/spec/until",
          until.timestamp() == null ? "Missing" : "NotTogether",
          "until is either a timestamp or offsets",
          "Write until: {timestamp: 2026-01-01T00:00:00Z}, or until: {offsets: {\"0\": 1000}}.");
    }
    offsets("/spec/until/offsets", until.offsets());
  }

  private void offsets(String pointer, @Nullable Map<String, Long> offsets) {
    if (offsets == null) {
      return;
    }
    offsets.forEach((partition, offset) -> {
      if (!partition.matches("\\d{1,6}") || offset == null || offset < 0) {
        findings.add(
            pointer + "/" + partition.replace("~", "~0").replace("/", "~1"),
            "OutOfRange",
            "offsets are whole numbers from 0 under partition numbers",
            "Write offsets: {\"0\": 1000, \"1\": 0}.");
      }
    });
  }

  private void together(String field, boolean wanted, boolean given, String type) {
    if (wanted != given) {
      findings.add(
          "/spec/startFrom/" + field,
          wanted ? "Missing" : "NotTogether",
          wanted
              ? "startFrom of the type " + type + " needs '" + field + "'"
              : "'" + field + "' goes with the type " + type + " only",
          wanted ? "Add '" + field + "'." : "Remove it, or set type: " + type + ".");
    }
  }

  private PipelinePlan.ErrorPolicy onError(@Nullable OnError onError) {
    if (onError == null) {
      return new PipelinePlan.ErrorPolicy("DeadLetter", null, null);
    }
    String policy =
        findings.oneOf(
            "/spec/onError/policy",
            onError.policy(),
            List.of("DeadLetter", "Halt", "Skip"),
            "DeadLetter");
    String stopAfter = onError.stopAfter();
    if (stopAfter == null) {
      return new PipelinePlan.ErrorPolicy(policy, null, null);
    }
    Matcher share = SHARE.matcher(stopAfter.strip());
    if (share.matches() && Double.parseDouble(share.group(1)) <= 100) {
      return new PipelinePlan.ErrorPolicy(policy, null, Double.parseDouble(share.group(1)) / 100);
    }
    if (COUNT.matcher(stopAfter.strip()).matches()) {
      return new PipelinePlan.ErrorPolicy(policy, Long.parseLong(stopAfter.strip()), null);
    }
    findings.add(
        "/spec/onError/stopAfter",
        "OutOfRange",
        "'" + ColumnCheck.abbreviated(stopAfter) + "' is neither a number nor a share",
        "Write 100 for a number of dead letters, or \"5%\" for a share.");
    return new PipelinePlan.ErrorPolicy(policy, null, null);
  }

  private Map<String, String> requests(@Nullable Map<String, String> requests) {
    if (requests == null) {
      return Map.of();
    }
    requests.forEach((name, token) -> {
      findings.oneOf("/spec/requests", name, REQUESTS, "rotate");
      if (token == null || !TOKEN.matcher(token).matches()) {
        findings.add(
            "/spec/requests",
            "InvalidToken",
            "a request's token is a word of at most 100 letters, digits and . _ : -",
            "Write a date or a counter; another token asks again.");
      }
    });
    return findings.isEmpty() ? requests : Map.of();
  }

  private void access() {
    DataSubscriptionSpec.AccessTerms access = spec.access();
    if (access != null
        && access.duration() != null
        && Durations.parse(access.duration()).isEmpty()) {
      findings.add(
          "/spec/access/for",
          "InvalidDuration",
          "'" + ColumnCheck.abbreviated(access.duration()) + "' is no length of time",
          "Write 90d or 24h.");
    }
  }
}
