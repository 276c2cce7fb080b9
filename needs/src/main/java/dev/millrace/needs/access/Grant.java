package dev.millrace.needs.access;

import dev.millrace.api.access.AccessRequestSpec;
import dev.millrace.api.access.AccessRequestSpec.AskedField;
import dev.millrace.api.access.AccessRequestSpec.Decision;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.needs.filter.Expression;
import dev.millrace.needs.schema.EventSchema;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the owner of a product granted of it. It binds each reference to a field, wherever that is.
 *
 * @param fields their paths; empty for all there are
 * @param newFields whether those that the product gets later are granted, too, as far as they are
 *     neither Personal nor Secret
 * @param masks path to the mask that hides it enough; for all that is in it, too
 * @param rowFilter CEL: of events for which it is not true nothing is granted
 */
public record Grant(
    Optional<Set<String>> fields,
    boolean newFields,
    Map<String, String> masks,
    Optional<String> rowFilter) {

  /** Nothing is kept back. */
  public static final Grant ALL = new Grant(Optional.empty(), true, Map.of(), Optional.empty());

  public Grant {
    fields = fields.map(Set::copyOf);
    masks = Map.copyOf(masks);
  }

  /** Of a request that was approved: never more than was asked for. */
  public static Grant of(AccessRequestSpec request) {
    Decision decision = Objects.requireNonNull(request.decision());
    List<String> named = decision.fields();
    Map<String, String> masks = new TreeMap<>();
    for (AskedField asked : asked(request)) {
      if (asked.mask() != null) {
        masks.put(String.valueOf(asked.path()), asked.mask());
      }
    }
    if (decision.masks() != null) {
      decision.masks().forEach((path, mask) -> masks.merge(path, mask, Masking::stronger));
    }
    return new Grant(
        Optional.of(
            asked(request).stream()
                .map(AskedField::path)
                .filter(Objects::nonNull)
                .filter(path -> named == null || isNamed(path, named))
                .collect(Collectors.toSet())),
        named == null && Boolean.TRUE.equals(request.everyField()),
        masks,
        Optional.ofNullable(decision.rowFilter()).filter(text -> !text.isBlank()));
  }

  private static List<AskedField> asked(AccessRequestSpec request) {
    return request.fields() == null ? List.of() : request.fields();
  }

  private static boolean isNamed(String path, List<String> named) {
    return named.stream().anyMatch(name -> path.equals(name) || Scope.isIn(path, name));
  }

  /** The mask behind which a field may be read at least; None for as it is. */
  public String mask(String path) {
    return masks.entrySet().stream()
        .filter(each -> path.equals(each.getKey()) || Scope.isIn(path, each.getKey()))
        .map(Map.Entry::getValue)
        .reduce(Masking.NONE, Masking::stronger);
  }

  /** The stronger of the two, of which one is asked for and one is demanded here. */
  public String mask(String path, String asked) {
    return Masking.stronger(mask(path), asked);
  }

  /** What of a scope is not granted, for people; empty when all of it is. */
  public List<String> lacks(Scope scope, DataProductSpec product) {
    return new TreeMap<>(scope.fields())
        .entrySet().stream()
            .flatMap(each -> lack(each.getKey(), each.getValue(), product).stream())
            .toList();
  }

  /** The same of one field, read behind a mask, with all that is in it. */
  public List<String> lacks(String path, String mask, EventSchema schema, DataProductSpec product) {
    return lacks(Scope.of(List.of(path), mask, schema), product);
  }

  /** The same of all that an expression reads. */
  public List<String> lacks(Expression expression, EventSchema schema, DataProductSpec product) {
    Collection<String> read = Scope.read(expression, schema);
    return lacks(Scope.of(read, Masking.NONE, schema), product);
  }

  private Optional<String> lack(String path, String mask, DataProductSpec product) {
    if (!isGranted(path, product)) {
      return Optional.of(path);
    }
    String least = mask(path);
    return Masking.hidesAsMuch(mask, least)
        ? Optional.empty()
        : Optional.of(path + " (only behind the mask " + least + ")");
  }

  private boolean isGranted(String path, DataProductSpec product) {
    if (fields.isEmpty() || fields.get().contains(path)) {
      return true;
    }
    boolean isInGranted = fields.get().stream().anyMatch(field -> Scope.isIn(path, field));
    return !path.equals(Scope.WHOLE) && (isInGranted || newFields) && !Classified.is(path, product);
  }

  /** Both: what was asked for, of the events that are granted. */
  public Optional<String> filtered(Optional<String> filter) {
    return rowFilter
        .map(rows -> filter.map(asked -> both(rows, asked)).orElse(rows))
        .or(() -> filter);
  }

  /** Each is an expression by itself; behind a line's end no comment hides the parenthesis. */
  private static String both(String rows, String asked) {
    return "(" + rows + "\n) && (" + asked + "\n)";
  }

  /** Whether a filter lets through only events that are granted, as {@link #filtered} makes it. */
  boolean filters(Optional<String> filter) {
    return rowFilter.map(rows -> filter.equals(filtered(asked(filter)))).orElse(true);
  }

  /** What was asked for, of a filter that {@link #filtered} made. */
  Optional<String> asked(Optional<String> filtered) {
    if (rowFilter.isEmpty()) {
      return filtered;
    }
    String around = both(rowFilter.get(), "");
    int before = around.length() - "\n)".length();
    return filtered
        .filter(text -> text.length() > around.length())
        .map(text -> text.substring(before, text.length() - "\n)".length()));
  }
}
