package dev.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SequenceTest {
  private static final Path FILES = Path.of("target", "datasets");
  private static Sequence flights;
  private static Sequence quakes;

  @BeforeAll
  static void open() {
    Datasets datasets = Datasets.in(FILES);
    flights = new FlightSequence(new FlightFile(datasets.flights()), 7);
    quakes = new QuakeSequence(datasets.earthquakes(), 7);
  }

  @Test
  void aLiveEventIsAFunctionOfSeedAndNumberAlone() {
    Datasets datasets = Datasets.in(FILES);
    Sequence again = new FlightSequence(new FlightFile(datasets.flights()), 7);
    Sequence other = new FlightSequence(new FlightFile(datasets.flights()), 8);

    String last = text(again.live(99));

    assertThat(LongStream.range(0, 100).mapToObj(i -> text(again.live(i))).toList())
        .isEqualTo(LongStream.range(0, 100).mapToObj(i -> text(flights.live(i))).toList())
        .endsWith(last)
        .isNotEqualTo(LongStream.range(0, 100).mapToObj(i -> text(other.live(i))).toList());
  }

  @Test
  void liveEventsAddCorrectAndDelete() {
    for (Sequence sequence : List.of(flights, quakes)) {
      Set<String> seen = new HashSet<>();
      int deletions = 0;
      int repeated = 0;
      for (long i = 0; i < 1000; i++) {
        Event event = sequence.live(i);
        deletions += event.value() == null ? 1 : 0;
        repeated += seen.add(event.keyText()) ? 0 : 1;
      }
      assertThat(deletions).as(sequence.product()).isBetween(50, 400);
      assertThat(repeated).as(sequence.product()).isPositive();
    }
  }

  @Test
  void liveEventsCrossWhatTheFiltersAskFor() throws Exception {
    int strong = 0;
    int weak = 0;
    int unknown = 0;
    int late = 0;
    int early = 0;
    for (long i = 0; i < 1000; i++) {
      byte[] quake = quakes.live(i).value();
      if (quake != null) {
        JsonNode mag = Json.STRICT.readTree(quake).at("/properties/mag");
        unknown += mag.isNull() ? 1 : 0;
        strong += mag.asDouble(0) >= 4.5 ? 1 : 0;
        weak += mag.isNumber() && mag.asDouble() < 4.5 ? 1 : 0;
      }
      byte[] flight = flights.live(i).value();
      if (flight != null && Json.STRICT.readTree(flight).path("origin").asText().equals("SFO")) {
        int delay = Json.STRICT.readTree(flight).path("delay").asInt();
        late += delay > 60 ? 1 : 0;
        early += delay <= 60 ? 1 : 0;
      }
    }
    assertThat(List.of(strong, weak, unknown, late, early)).allMatch(count -> count > 10);
  }

  @Test
  void theHistoryOfEarthquakesIsTheFileEventByEvent() throws Exception {
    List<Event> events = new ArrayList<>();
    quakes.history(key -> true, events::add);

    JsonNode file = Json.STRICT.readTree(FILES.resolve("earthquakes.json").toFile());
    assertThat(events).hasSize(1707);
    assertThat(Json.STRICT.readTree(events.get(1000).value()))
        .isEqualTo(file.path("features").get(1000));
    assertThat(events.get(1000).keyText())
        .isEqualTo(file.path("features").get(1000).path("id").asText());
  }

  @Test
  void aFlightIsCompactJsonWithItsRowNumberAsKey() {
    List<Event> first = new ArrayList<>();
    flights.history(key -> key.length == 1 && key[0] == '1', first::add);

    assertThat(first).hasSize(1);
    assertThat(text(first.get(0)))
        .isEqualTo(
            "1 {\"id\":1,\"date\":\"2001-01-01T00:01:00Z\",\"delay\":33,\"distance\":2176,"
                + "\"origin\":\"LAS\",\"destination\":\"PHL\"}");
  }

  private static String text(Event event) {
    return event.keyText() + " " + (event.value() == null ? "-" : new String(event.value()));
  }
}
