package dev.millrace.needs.check;

import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec.StoreRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What of a subscription cannot change, for the rows that are there were made by it. */
final class Immutable {
  private Immutable() {}

  static void check(DataSubscriptionSpec was, DataSubscriptionSpec is, Findings findings) {
    same("/spec/product", was.product(), is.product(), findings);
    same("/spec/filter", was.filter(), is.filter(), findings);
    same("/spec/select", was.select(), is.select(), findings);
    same("/spec/mode", orDefault(was.mode(), "Upsert"), orDefault(is.mode(), "Upsert"), findings);
    same("/spec/startFrom", was.startFrom(), is.startFrom(), findings);
    StoreRequest before = was.store();
    StoreRequest after = is.store();
    if (before != null && after != null) {
      same("/spec/store/class", before.storeClass(), after.storeClass(), findings);
      same("/spec/store/name", before.name(), after.name(), findings);
      same("/spec/store/table", before.table(), after.table(), findings);
      same("/spec/store/redis", before.redis(), after.redis(), findings);
    }
  }

  private static String orDefault(@Nullable String value, String whenAbsent) {
    return value == null ? whenAbsent : value;
  }

  private static void same(
      String pointer, @Nullable Object was, @Nullable Object is, Findings findings) {
    if (!Objects.equals(was, is)) {
      findings.add(
          pointer,
          "ImmutableField",
          pointer.substring("/spec/".length()).replace('/', '.')
              + " cannot be changed: the rows in the store were made by it",
          "Make a second subscription with the new value, then delete this one.");
    }
  }
}
