package dev.millrace.needs.access;

import dev.millrace.api.product.DataProductSpec;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which fields are asked for by name: personal data does not reach a store because somebody else
 * wrote a line in a schema.
 */
public final class Classified {
  private static final Set<String> ASKED_FOR_BY_NAME = Set.of("Personal", "Secret");

  private Classified() {}

  /** The field is, or what it is in. */
  static boolean is(String path, DataProductSpec product) {
    return any(product, each -> path.equals(each) || Scope.isIn(path, each));
  }

  /** The field is, or something in it. */
  public static boolean holds(String path, DataProductSpec product) {
    return any(product, each -> each.equals(path) || Scope.isIn(each, path));
  }

  private static boolean any(DataProductSpec product, Predicate<String> which) {
    Map<String, String> classifications = product.classifications();
    return classifications != null
        && classifications.entrySet().stream()
            .anyMatch(
                each -> ASKED_FOR_BY_NAME.contains(each.getValue()) && which.test(each.getKey()));
  }
}
