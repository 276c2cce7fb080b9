package dev.millrace.needs.check;

import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec.Redis;
import dev.millrace.api.subscription.DataSubscriptionSpec.StoreRequest;
import dev.millrace.api.subscription.DataSubscriptionSpec.Table;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a subscription cannot change: where it reads from and where it writes to. What it leaves
 * there may change; then it is built anew.
 */
final class Immutable {
  private Immutable() {}

  static void check(DataSubscriptionSpec was, DataSubscriptionSpec is, Findings findings) {
    same("/spec/product", was.product(), is.product(), findings);
    same("/spec/startFrom", was.startFrom(), is.startFrom(), findings);
    same("/spec/until", was.until(), is.until(), findings);
    StoreRequest before = was.store();
    StoreRequest after = is.store();
    if (before != null && after != null) {
      same("/spec/store/class", before.storeClass(), after.storeClass(), findings);
      same("/spec/store/name", before.name(), after.name(), findings);
      same("/spec/store/table/name", name(before.table()), name(after.table()), findings);
      same("/spec/store/table/schema", schema(before.table()), schema(after.table()), findings);
      same("/spec/store/redis/key", key(before.redis()), key(after.redis()), findings);
    }
  }

  private static @Nullable String name(@Nullable Table table) {
    return table == null ? null : table.name();
  }

  private static String schema(@Nullable Table table) {
    return table == null || table.schema() == null ? "public" : table.schema();
  }

  private static @Nullable String key(@Nullable Redis redis) {
    return redis == null ? null : redis.key();
  }

  private static void same(
      String pointer, @Nullable Object was, @Nullable Object is, Findings findings) {
    if (!Objects.equals(was, is)) {
      findings.add(
          pointer,
          "ImmutableField",
          pointer.substring("/spec/".length()).replace('/', '.')
              + " cannot be changed: it says where the events come from or where they are kept",
          "Make a second subscription with the new value, then delete this one.");
    }
  }
}
