package dev.millrace.catalog.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.needs.filter.EvaluationFailed;
import dev.millrace.needs.filter.Filter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One filter on its way through recent events. Used by one thread. */
final class PreviewScan {
  private static final int MOST_EXAMPLES = 5;

  private final Optional<Filter> filter;
  private final List<StoredEvent> examples = new ArrayList<>();
  private int scanned;
  private int matched;
  private int failed;
  private @Nullable Instant from;
  private @Nullable Instant to;

  /**
   * @param filter empty takes every event
   */
  PreviewScan(Optional<Filter> filter) {
    this.filter = filter;
  }

  /**
   * @param deadline of {@link System#nanoTime}: what is not looked at by then is left out
   */
  Preview over(List<ConsumerRecord<byte[], byte[]>> newestFirst, long deadline) {
    for (ConsumerRecord<byte[], byte[]> record : newestFirst) {
      if (System.nanoTime() > deadline) {
        break;
      }
      if (record.value() != null) {
        look(record);
      }
    }
    return new Preview(scanned, matched, failed, from, to, List.copyOf(examples));
  }

  private void look(ConsumerRecord<byte[], byte[]> record) {
    scanned++;
    from = Instant.ofEpochMilli(record.timestamp());
    to = to == null ? from : to;
    try {
      if (matches(record.value())) {
        matched++;
        example(record);
      }
    } catch (IOException | EvaluationFailed e) {
      failed++;
    }
  }

  private boolean matches(byte[] value) throws IOException, EvaluationFailed {
    JsonNode event = EventJson.read(value);
    if (!event.isObject()) {
      throw new IOException("no event");
    }
    return filter.isEmpty() || filter.get().matches(event);
  }

  private void example(ConsumerRecord<byte[], byte[]> record) {
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(StoredEvent.of(record));
    }
  }
}
