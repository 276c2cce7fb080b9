package dev.millrace.needs.access;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.access.AccessRequestSpec;
import dev.millrace.api.access.AccessRequestSpec.AskedField;
import dev.millrace.api.access.AccessRequestSpec.Decision;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.filter.ExpressionRejected;
import dev.millrace.needs.filter.Filter;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.SchemaRejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which requests there should be, and what those that are there say. */
public final class AccessRequests {

  /** What became of a request. */
  public enum Phase {
    PENDING("Pending"),
    APPROVED("Approved"),
    DENIED("Denied"),
    REVOKED("Revoked"),
    EXPIRED("Expired");

    private final String word;

    Phase(String word) {
      this.word = word;
    }

    /** As a status has it. */
    public String word() {
      return word;
    }

    /** It was decided, and nothing is granted by it. */
    public boolean isRefusal() {
      return this == DENIED || this == REVOKED || this == EXPIRED;
    }
  }

  /**
   * A request as it stands.
   *
   * @param name in the product's tenant
   * @param generation another one with each change of the decision
   */
  public record Asked(String name, long generation, AccessRequestSpec spec, Phase phase) {

    /** How it was decided, in words. */
    public Optional<String> reason() {
      return Optional.ofNullable(spec.decision())
          .map(Decision::reason)
          .filter(text -> !text.isBlank());
    }
  }

  private static final String UPSERT = "Upsert";

  private AccessRequests() {}

  /**
   * @param expires empty for never
   */
  public static Phase phase(@Nullable Decision decision, Optional<Instant> expires, Instant now) {
    String verdict = decision == null ? null : decision.verdict();
    if (verdict == null) {
      return Phase.PENDING;
    }
    return switch (verdict) {
      case "Approved" ->
          expires.filter(end -> !end.isAfter(now)).isPresent() ? Phase.EXPIRED : Phase.APPROVED;
      case "Denied" -> Phase.DENIED;
      // Whatever is meant, nothing is granted by it.
      default -> Phase.REVOKED;
    };
  }

  /** Whether its owner decides who gets a product: those of the owner's own tenant get it. */
  public static boolean isAsked(
      ObjectKey subscription, ObjectKey product, DataProductSpec productSpec) {
    return "Approval".equals(productSpec.accessPolicy())
        && !product.tenant().equals(subscription.tenant());
  }

  /**
   * What a subscription has to ask for.
   *
   * @param columns as they would be if all were granted
   */
  public static AccessRequestSpec wanted(
      ObjectKey subscription,
      String uid,
      DataSubscriptionSpec spec,
      ObjectKey product,
      List<PipelinePlan.Column> columns,
      EventSchema schema) {
    Optional<String> filter = Optional.ofNullable(spec.filter()).filter(text -> !text.isBlank());
    DataSubscriptionSpec.AccessTerms terms = spec.access();
    List<AskedField> fields =
        Scope.of(columns, filter, schema, schema).fields().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(each ->
                new AskedField(
                    each.getKey(), each.getValue().equals(Masking.NONE) ? null : each.getValue()))
            .toList();
    return new AccessRequestSpec(
        product.name(),
        subscription.toString(),
        uid,
        terms == null ? null : terms.requestedBy(),
        terms == null ? null : terms.purpose(),
        terms == null ? null : terms.duration(),
        fields,
        spec.select() == null ? true : null,
        filter.orElse(null),
        spec.mode() == null ? UPSERT : spec.mode(),
        null);
  }

  /**
   * Those that were approved for what is wanted, or more.
   *
   * @param product as it is now
   */
  public static List<Asked> approved(
      AccessRequestSpec wanted, List<Asked> all, DataProductSpec product) {
    return all.stream()
        .filter(each -> each.phase() == Phase.APPROVED)
        .filter(each -> covers(each.spec(), wanted, product))
        .sorted(Comparator.comparing(Asked::name))
        .toList();
  }

  /** The one that asks for exactly that: less is asked for anew when more was refused. */
  public static Optional<Asked> exactly(AccessRequestSpec wanted, List<Asked> all) {
    return all.stream().filter(each -> each.spec().asked().equals(wanted)).findFirst();
  }

  private static boolean covers(
      AccessRequestSpec asked, AccessRequestSpec wanted, DataProductSpec product) {
    return isForTheSame(asked, wanted)
        && (asked.filter() == null || asked.filter().equals(wanted.filter()))
        && isOfMode(asked, String.valueOf(wanted.mode()))
        && coversFields(asked, wanted, product);
  }

  /** The last version of each key is part of every event there was. */
  private static boolean isOfMode(AccessRequestSpec asked, String mode) {
    return mode.equals(UPSERT) || mode.equals(asked.mode());
  }

  private static boolean isForTheSame(AccessRequestSpec asked, AccessRequestSpec wanted) {
    return Objects.equals(asked.product(), wanted.product())
        && Objects.equals(asked.subscription(), wanted.subscription())
        && Objects.equals(asked.uid(), wanted.uid())
        && Objects.equals(asked.requestedBy(), wanted.requestedBy())
        && Objects.equals(asked.purpose(), wanted.purpose())
        && Objects.equals(asked.duration(), wanted.duration());
  }

  /** Of those that came since, what all were asked for means; the grant says which it gives. */
  private static boolean coversFields(
      AccessRequestSpec asked, AccessRequestSpec wanted, DataProductSpec product) {
    Map<String, String> were = new HashMap<>();
    fields(asked).forEach(each -> were.put(String.valueOf(each.path()), mask(each)));
    boolean meansNew =
        Boolean.TRUE.equals(asked.everyField()) && Boolean.TRUE.equals(wanted.everyField());
    if (Boolean.TRUE.equals(wanted.everyField()) && !meansNew) {
      return false;
    }
    return fields(wanted).stream()
        .allMatch(each -> {
          String was = were.get(String.valueOf(each.path()));
          return was == null
              ? meansNew || isInAsked(each, were, product)
              : Masking.hidesAsMuch(mask(each), was);
        });
  }

  /** It came to the schema inside of what was asked for. */
  private static boolean isInAsked(
      AskedField field, Map<String, String> were, DataProductSpec product) {
    String path = String.valueOf(field.path());
    return !Classified.is(path, product)
        && were.entrySet().stream()
            .anyMatch(each ->
                Scope.isIn(path, each.getKey())
                    && Masking.hidesAsMuch(mask(field), each.getValue()));
  }

  /**
   * What was granted; nothing, as long as something of the decision cannot be meant.
   *
   * @param request that was approved
   */
  public static Optional<Grant> grant(AccessRequestSpec request, EventSchema schema) {
    return mistakes(request, schema).isEmpty() ? Optional.of(Grant.of(request)) : Optional.empty();
  }

  /** What of an approval cannot be meant, as sentences. */
  public static List<String> mistakes(AccessRequestSpec request, EventSchema schema) {
    Decision decision = Objects.requireNonNull(request.decision());
    List<String> mistakes = new ArrayList<>();
    if (decision.rowFilter() != null && !decision.rowFilter().isBlank()) {
      try {
        Filter.compile(decision.rowFilter(), schema);
      } catch (ExpressionRejected e) {
        e.mistakes()
            .forEach(each ->
                mistakes.add("decision.rowFilter: " + each.message() + ". " + each.remedy()));
      }
    }
    if (decision.fields() != null) {
      decision.fields().stream()
          .filter(name -> fields(request).stream().noneMatch(each -> isOf(each, name)))
          .forEach(name ->
              mistakes.add("decision.fields: '" + name + "' was not asked for. Remove it."));
    }
    if (decision.masks() != null) {
      decision.masks().keySet().stream()
          .filter(name -> fields(request).stream().noneMatch(each -> isOf(each, name)))
          .forEach(
              name -> mistakes.add("decision.masks: '" + name + "' was not asked for. Remove it."));
    }
    return mistakes;
  }

  private static boolean isOf(AskedField field, String name) {
    String path = String.valueOf(field.path());
    return path.equals(name) || Scope.isIn(path, name);
  }

  private static List<AskedField> fields(AccessRequestSpec spec) {
    return spec.fields() == null ? List.of() : spec.fields();
  }

  private static String mask(AskedField field) {
    return field.mask() == null ? Masking.NONE : field.mask();
  }

  /**
   * Whether what runs may go on: it does as long as something that was approved grants all of it,
   * though more may be asked for by now.
   *
   * @param all requests of the same subscription
   * @param product as it is now, with its schema
   */
  public static boolean permit(
      PipelinePlan running, List<Asked> all, DataProductSpec product, EventSchema now) {
    return all.stream()
        .filter(each -> each.phase() == Phase.APPROVED)
        .anyMatch(each -> permits(each.spec(), running, product, now));
  }

  private static boolean permits(
      AccessRequestSpec request, PipelinePlan running, DataProductSpec product, EventSchema now) {
    Optional<Grant> granted = grant(request, now);
    if (granted.isEmpty()) {
      return false;
    }
    Grant grant = granted.get();
    EventSchema then = schema(running, now);
    Optional<String> filter = Optional.ofNullable(running.filter());
    Optional<String> own = grant.asked(filter);
    Scope scope = Scope.of(running.columns(), own, then, now);
    return running.source().product().name().equals(request.product())
        && isOfMode(request, running.mode())
        && grant.filters(filter)
        && own.map(text -> isFilter(text, then)).orElse(true)
        && (request.filter() == null || own.equals(Optional.of(request.filter())))
        && grant.lacks(scope, product).isEmpty();
  }

  private static boolean isFilter(String text, EventSchema schema) {
    try {
      Filter.compile(text, schema);
      return true;
    } catch (ExpressionRejected e) {
      return false;
    }
  }

  private static EventSchema schema(PipelinePlan plan, EventSchema otherwise) {
    try {
      return EventSchema.of(plan.source().schema());
    } catch (SchemaRejected e) {
      return otherwise;
    }
  }
}
