package dev.millrace.stores.redis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Fingerprint;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a row lies under its key. */
sealed interface RowFormat extends RowWriter permits HashRows, JsonRows {

  static RowFormat of(PipelinePlan plan) {
    PipelinePlan.Keys keys = Objects.requireNonNull(plan.target().keys());
    return switch (keys.structure()) {
      case "Hash" -> new HashRows(plan.columns());
      case "Json" -> new JsonRows(plan.columns());
      default -> throw new IllegalArgumentException("unknown structure " + keys.structure());
    };
  }

  /** The type of its values, as SCAN knows it. */
  String redisType();

  /** Asks for the row under a key; one answer comes, to be understood by {@link #row}. */
  void request(Requests requests, byte[] key) throws IOException;

  /** Empty when there is no such row. */
  Optional<ObjectNode> row(Reply reply);

  /** Takes the fingerprint of what {@link #write} would write. */
  void print(@Nullable Object[] row, Fingerprint fingerprint) throws IOException;

  /**
   * Takes the fingerprint of what lies under a key, byte by byte.
   *
   * @return false when there is nothing
   */
  boolean print(Reply reply, Fingerprint fingerprint);
}
