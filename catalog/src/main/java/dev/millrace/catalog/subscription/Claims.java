package dev.millrace.catalog.subscription;

import dev.millrace.api.problem.Finding;
import dev.millrace.needs.check.Need;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a subscription has for itself in its store, and no other may touch. */
final class Claims {
  private Claims() {}

  /**
   * @param others needs of all other subscriptions, those being deleted too
   */
  static List<Finding> conflicts(Need need, Collection<Need> others) {
    return others.stream()
        .filter(other -> !other.subscription().equals(need.subscription()))
        .flatMap(other -> conflict(need, other).stream())
        .limit(1)
        .toList();
  }

  private static Optional<Finding> conflict(Need need, Need other) {
    if (sameTable(need, other)) {
      return Optional.of(
          new Finding(
              "/spec/store/table/name",
              "TableTaken",
              "the subscription '" + other.subscription() + "' writes to that table",
              "Choose another table name."));
    }
    if (overlappingKeys(need, other)) {
      // Another tenant's names are not told.
      boolean own = other.subscription().tenant().equals(need.subscription().tenant());
      return Optional.of(
          new Finding(
              "/spec/store/redis/key",
              "KeyPrefixTaken",
              own
                  ? "the subscription '" + other.subscription() + "' has keys with that prefix"
                  : "another tenant's subscription has keys with that prefix",
              "Choose another prefix: none may begin with another."));
    }
    return Optional.empty();
  }

  private static boolean sameTable(Need need, Need other) {
    return need.store().equals(other.store())
        && need.table().isPresent()
        && other.table().isPresent()
        && need.table().get().schema().equals(other.table().get().schema())
        && need.table().get().name().equals(other.table().get().name());
  }

  private static boolean overlappingKeys(Need need, Need other) {
    if (need.keys().isEmpty() || other.keys().isEmpty() || !sameServer(need, other)) {
      return false;
    }
    String one = need.keys().get().prefix();
    String two = other.keys().get().prefix();
    return one.startsWith(two) || two.startsWith(one);
  }

  /** Stores of one Redis class are prefixes on one server, and not servers of their own. */
  private static boolean sameServer(Need need, Need other) {
    return need.store().equals(other.store())
        || (need.newStoreClass().isPresent() && need.newStoreClass().equals(other.newStoreClass()));
  }
}
