package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.Json;
import dev.millrace.needs.filter.Filter;
import dev.millrace.needs.schema.EventSchema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PreviewScanTest {
  private static final long LATER = System.nanoTime() + 3_600_000_000_000L;

  @Test
  void matchesFailuresAndTheirTimesAreCounted() throws Exception {
    Preview preview =
        scan("event.total >= 100.0")
            .over(
                records(
                    "{\"orderId\":\"1\",\"total\":100}",
                    "{\"orderId\":\"2\",\"total\":99.99}",
                    "{\"orderId\":\"3\"}",
                    "{broken",
                    "[]",
                    null,
                    "{\"orderId\":\"4\",\"total\":500.10}"),
                LATER);

    assertThat(preview.scanned()).isEqualTo(6);
    assertThat(preview.matched()).isEqualTo(2);
    assertThat(preview.failed()).isEqualTo(3);
    assertThat(preview.to()).isEqualTo(Instant.ofEpochMilli(100));
    assertThat(preview.from()).isEqualTo(Instant.ofEpochMilli(94));
    assertThat(preview.examples())
        .extracting(e -> e.value().toString())
        .containsExactly(
            "{\"orderId\":\"1\",\"total\":100}", "{\"orderId\":\"4\",\"total\":500.10}");
  }

  @Test
  void withoutAFilterEveryEventMatchesAndFiveAreShown() throws Exception {
    String[] events =
        IntStream.range(0, 50).mapToObj(i -> "{\"orderId\":\"" + i + "\"}").toArray(String[]::new);

    Preview preview = new PreviewScan(Optional.empty()).over(records(events), LATER);

    assertThat(preview.matched()).isEqualTo(50);
    assertThat(preview.examples()).hasSize(5);
  }

  @Test
  void whatIsNotLookedAtInTimeIsNotCounted() throws Exception {
    Preview preview =
        scan("event.total > 1.0")
            .over(records("{\"orderId\":\"1\",\"total\":2}"), System.nanoTime() - 1);

    assertThat(preview.scanned()).isZero();
    assertThat(preview.from()).isNull();
  }

  private static PreviewScan scan(String filter) throws Exception {
    EventSchema schema = EventSchema.of(Json.STRICT.readTree(Orders.SCHEMA));
    return new PreviewScan(Optional.of(Filter.compile(filter, schema)));
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String... newestFirst) {
    long[] time = {101};
    return Stream.of(newestFirst)
        .map(text -> {
          time[0]--;
          return new ConsumerRecord<>(
              "t",
              0,
              time[0],
              time[0],
              TimestampType.CREATE_TIME,
              0,
              0,
              utf8("k"),
              text == null ? null : utf8(text),
              new RecordHeaders(),
              Optional.empty());
        })
        .toList();
  }
}
