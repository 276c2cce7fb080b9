package dev.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FormTest {
  private static final long EVENTS = 2_000;

  @Test
  void anEventSaysWhatItsColumnsAre() throws IOException {
    for (Form form : List.of(Form.ofFields(5), Form.ofFields(50), Form.ofBytes(1_000))) {
      for (long i = 0; i < EVENTS; i++) {
        Bid bid = Bid.of(1, i);
        JsonNode json = Json.STRICT.readTree(form.json(bid));
        assertThat(json.size()).isEqualTo(form.columns().size());
        for (Column column : form.columns()) {
          JsonNode field = json.get(column.name());
          assertThat(field.isIntegralNumber()).isEqualTo(column.kind() == Column.Kind.NUMBER);
          assertThat(field.asText()).isEqualTo(column.inEvent(bid));
        }
      }
    }
  }

  @Test
  void aFormHasTheFieldsThatWereAskedFor() {
    assertThat(Form.ofFields(5).columns()).hasSize(5);
    assertThat(Form.ofFields(500).columns())
        .hasSize(500)
        .extracting(Column::name)
        .doesNotHaveDuplicates()
        .contains("id", "extra", "f8", "f499");
  }

  @Test
  void anEventIsAboutAsLongAsWasAskedFor() {
    for (int bytes : List.of(100, 1_000, 10_000, 100_000)) {
      Form form = Form.ofBytes(bytes);
      double average =
          LongStream.range(0, 200)
              .mapToInt(i -> form.json(Bid.of(1, i)).length)
              .average()
              .orElseThrow();

      assertThat(average).as("of %d bytes", bytes).isBetween(0.9 * bytes, 1.1 * bytes);
    }
  }

  @Test
  void furtherFieldsDifferFromEachOtherAndFromBidToBid() {
    List<Column> columns = Form.ofFields(500).columns();
    List<String> one = columns.stream().map(column -> column.inEvent(Bid.of(1, 1))).toList();
    List<String> other = columns.stream().map(column -> column.inEvent(Bid.of(1, 2))).toList();

    assertThat(one.subList(8, 500)).doesNotHaveDuplicates();
    assertThat(other.subList(8, 500)).doesNotContainAnyElementsOf(one.subList(8, 500));
  }

  @Test
  void theUsualFormIsTheBid() {
    Bid bid = Bid.of(1, 7);

    assertThat(Form.BID.json(bid)).isEqualTo(bid.json());
    assertThat(Form.BID.schema())
        .startsWith("required: [id, auction, bidder, price, channel, url, dateTime, extra]\n")
        .contains("  dateTime: {type: string, format: date-time}\n");
  }
}
