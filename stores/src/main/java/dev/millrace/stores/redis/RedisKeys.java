package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.check.KeyTemplate;
import dev.millrace.needs.transform.StoreKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * From a store key to a Redis key and back. The one key column stands as its own text between two
 * literals, so two store keys never give the same Redis key.
 *
 * @param before what every key begins with
 * @param after what every key ends with
 * @param type of the key column: text, int32 or int64
 */
record RedisKeys(String before, String after, String type) {

  static RedisKeys of(PipelinePlan plan) {
    PipelinePlan.Keys keys = Objects.requireNonNull(plan.target().keys());
    List<String> literals =
        KeyTemplate.parse(keys.template()).orElseThrow(() -> unchecked(plan)).literals();
    List<PipelinePlan.Column> columns =
        plan.columns().stream().filter(PipelinePlan.Column::key).toList();
    if (literals.size() != 2 || columns.size() != 1 || !literals.get(0).equals(keys.prefix())) {
      throw unchecked(plan);
    }
    return new RedisKeys(keys.prefix(), literals.get(1), columns.get(0).type());
  }

  private static IllegalArgumentException unchecked(PipelinePlan plan) {
    return new IllegalArgumentException("the plan of " + plan.subscription() + " was not checked");
  }

  byte[] of(StoreKey key) {
    return (before + key.values().get(0) + after).getBytes(StandardCharsets.UTF_8);
  }

  /** Empty for a key that no store key gives: somebody else put it there. */
  Optional<StoreKey> parse(String key) {
    if (key.length() < before.length() + after.length()
        || !key.startsWith(before)
        || !key.endsWith(after)) {
      return Optional.empty();
    }
    String value = key.substring(before.length(), key.length() - after.length());
    try {
      return Optional.of(
          new StoreKey(
              switch (type) {
                case "int32" -> (Object) Integer.valueOf(value);
                case "int64" -> (Object) Long.valueOf(value);
                default -> value;
              }));
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }
}
