package dev.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BidTest {
  private static final long EVENTS = 100_000;

  @Test
  void anEventSaysWhatItsBidIs() throws IOException {
    for (long i = 0; i < EVENTS; i++) {
      Bid bid = Bid.of(1, i);
      JsonNode json = Json.STRICT.readTree(bid.json());
      assertThat(json.get("id").longValue()).isEqualTo(i);
      assertThat(json.get("auction").longValue()).isEqualTo(bid.auction());
      assertThat(json.get("bidder").longValue()).isEqualTo(bid.bidder());
      assertThat(json.get("price").longValue()).isEqualTo(bid.price());
      assertThat(json.get("channel").textValue()).isEqualTo(bid.channel());
      assertThat(json.get("url").textValue()).isEqualTo(bid.url());
      assertThat(json.get("dateTime").textValue()).isEqualTo(bid.time());
      assertThat(json.get("extra").textValue()).isEqualTo(bid.extra());
    }
  }

  @Test
  void aBidIsAFunctionOfSeedAndNumberAlone() {
    Bid later = Bid.of(7, 12_345);
    LongStream.range(0, 100).forEach(i -> Bid.of(7, i));

    assertThat(Bid.of(7, 12_345)).isEqualTo(later);
    assertThat(Bid.of(8, 12_345)).isNotEqualTo(later);
  }

  @Test
  void queriesPassTheSharesThatTheyAreKnownFor() {
    assertThat(share(Query.Q0)).isEqualTo(1);
    assertThat(share(Query.SHAPED)).isEqualTo(1);
    assertThat(share(Query.Q2)).isBetween(0.0072, 0.0090);
    assertThat(share(Query.Q22)).isBetween(0.245, 0.255);
    assertThat(share(Query.share(3, 125))).isBetween(0.0071, 0.0089);
    assertThat(Query.sharesOf(1, EVENTS, 125)[3])
        .isEqualTo(Query.share(3, 125).passing(1, 0, EVENTS));
  }

  @Test
  void everyBidIsInOneRangeAtMostAndTwoFifthsAreInOne() {
    for (int count : List.of(1, 3, 50, 1_000)) {
      List<Query> ranges =
          IntStream.range(0, count).mapToObj(i -> Query.range(i, count, Form.BID)).toList();
      long[] expected = new long[count];
      for (long i = 0; i < 5_000; i++) {
        Bid bid = Bid.of(1, i);
        OptionalInt range = Query.rangeOf(bid, count);
        for (int k = 0; k < count; k++) {
          assertThat(ranges.get(k).passes().test(bid)).isEqualTo(range.equals(OptionalInt.of(k)));
        }
        range.ifPresent(k -> expected[k]++);
      }
      assertThat(Query.ranges(1, 0, 5_000, count)).isEqualTo(expected);
      assertThat(LongStream.of(expected).sum()).isBetween(1_900L, 2_100L);
    }
  }

  @Test
  void eventsAreOfTheSizeThatOthersWereMeasuredWith() {
    double bytes =
        LongStream.range(0, EVENTS)
            .mapToInt(i -> Bid.of(1, i).json().length)
            .average()
            .orElseThrow();

    assertThat(bytes).isBetween(260.0, 280.0);
  }

  @Test
  void oneInAHundredHasAllThatEscapesMustGetRight() {
    long awkward =
        LongStream.range(0, EVENTS)
            .mapToObj(i -> Bid.of(1, i).extra())
            .filter(extra ->
                extra.contains("\"")
                    && extra.contains("\\")
                    && extra.contains("\t")
                    && extra.contains("\n")
                    && extra.contains("日")
                    && extra.contains("😀"))
            .count();

    assertThat(awkward).isBetween(EVENTS / 100 - 150, EVENTS / 100 + 150);
  }

  private static double share(Query query) {
    return query.passing(1, 0, EVENTS) / (double) EVENTS;
  }
}
