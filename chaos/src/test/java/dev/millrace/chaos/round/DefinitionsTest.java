package dev.millrace.chaos.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.Json;
import dev.millrace.chaos.load.Event;
import dev.millrace.chaos.load.Fields;
import dev.millrace.chaos.load.Load.Place;
import dev.millrace.chaos.load.Log;
import dev.millrace.chaos.load.Row;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store must hold that takes on columns where it is. */
class DefinitionsTest {
  private static final int EVENTS = 3_000;
  private static final int PARTITIONS = 2;
  private static final long[] ALL = {EVENTS, EVENTS};
  private static final long[] ASKED = {1_000, 1_100};
  private static final long[] SINCE = {1_200, 1_100};
  private static final long[] END = {1_300, 1_400};
  private static final Variant EVERY = Variant.first(null, true);

  private final Log log = log();
  private final Schema schema = new Schema();
  private final Definitions definitions = new Definitions(log, new long[PARTITIONS], EVERY, schema);

  @Test
  void aFieldIsInTheRowsOfEventsSinceItCame() {
    String added = schema.add();
    definitions.alter(EVERY, ASKED);
    definitions.learn(plan(2, column("amount", null), column(added, SINCE)), END);

    definitions
        .fold()
        .appended(ALL)
        .forEach((place, event) -> {
          if (event.effect() == Event.Effect.PUT) {
            boolean since = place.offset() >= SINCE[place.partition()];
            assertThat(event.row().more().get(added))
                .isEqualTo(since ? Fields.value(added, event.number()) : null);
            assertThat(event.row().more()).containsKey("amount");
          }
        });
    assertThat(definitions.fold(1).orElseThrow().at(SINCE))
        .isEqualTo(definitions.fold(2).orElseThrow().at(SINCE));
    assertThat(definitions.fold(1).orElseThrow().at(ALL))
        .isNotEqualTo(definitions.fold(2).orElseThrow().at(ALL));
  }

  @Test
  void whatWasTooLargeForTheNarrowerColumnIsADeadLetterStill() {
    Definitions narrow = new Definitions(log, new long[PARTITIONS], EVERY.withPrecision(5), schema);
    narrow.alter(EVERY.withPrecision(6), ASKED);
    narrow.learn(plan(2, column("amount", SINCE)), END);

    Set<Place> dead = narrow.fold().poison(ALL);
    for (int p = 0; p < PARTITIONS; p++) {
      for (int offset = 0; offset < EVENTS; offset++) {
        Event event = log.partition(p).get(offset);
        int digits = offset < SINCE[p] ? 3 : 4;
        boolean fits = Fields.fits("amount", amount(event), digits);
        assertThat(dead.contains(new Place(p, offset)))
            .isEqualTo(
                event.effect() == Event.Effect.POISON
                    || event.effect() == Event.Effect.PUT && !fits);
      }
    }
    assertThat(narrow.fold(1).orElseThrow().poison(ALL)).hasSizeGreaterThan(dead.size());
  }

  @Test
  void aRebuildReadsAllEventsByTheColumnsOfNow() {
    String added = schema.add();
    definitions.alter(EVERY, ASKED);
    definitions.learn(plan(2, column("amount", null), column(added, SINCE)), END);

    definitions.become(EVERY.withToken("again"));

    for (Row row : definitions.fold().at(SINCE).values()) {
      assertThat(row.more().get(added)).isEqualTo(Fields.value(added, row.version()));
    }
    assertThat(definitions.since()).isEmpty();
  }

  @Test
  void aColumnComesNeitherBeforeItWasAskedForNorBehindTheLog() {
    String added = schema.add();
    definitions.alter(EVERY, ASKED);

    for (long[] never : new long[][] {{999, 1_100}, {1_200, 1_401}}) {
      assertThatIllegalStateException()
          .isThrownBy(
              () -> definitions.learn(plan(2, column("amount", null), column(added, never)), END));
    }
    assertThatIllegalStateException()
        .isThrownBy(
            () -> definitions.learn(plan(2, column("amount", null), column(added, null)), END));
  }

  @Test
  void sinceWhenAColumnIsThereStaysAsItWasSaid() {
    String first = schema.add();
    definitions.alter(EVERY, ASKED);
    definitions.learn(plan(2, column("amount", null), column(first, SINCE)), END);
    String second = schema.add();
    definitions.alter(EVERY, END);

    long[] another = {1_201, 1_100};
    assertThatIllegalStateException()
        .isThrownBy(() ->
            definitions.learn(
                plan(3, column("amount", null), column(first, another), column(second, END)), END));
    JsonNode right = plan(3, column("amount", null), column(first, SINCE), column(second, END));
    definitions.learn(right, END);
    assertThatCode(() -> definitions.requireUnchanged(right)).doesNotThrowAnyException();
    assertThatIllegalStateException()
        .isThrownBy(() ->
            definitions.requireUnchanged(
                plan(3, column("amount", null), column(first, SINCE), column(second, ALL))));
  }

  @Test
  void whatIsTakenBackMayHaveComeOrNot() {
    String added = schema.add();
    definitions.alter(EVERY, ASKED);
    assertThat(definitions.takenBack(plan(1, column("amount", null)), added, END)).isFalse();
    assertThat(definitions.present()).isEqualTo(1);

    definitions.alter(EVERY, ASKED);
    assertThat(definitions.takenBack(plan(2, column("amount", null)), added, END)).isFalse();
    assertThat(definitions.present()).isEqualTo(2);
    assertThat(definitions.fold().at(ALL)).isEqualTo(definitions.fold(1).orElseThrow().at(ALL));

    definitions.alter(EVERY, ASKED);
    JsonNode there = plan(3, column("amount", null), column(added, SINCE));
    assertThat(definitions.takenBack(there, added, END)).isTrue();
    assertThat(definitions.since()).containsOnlyKeys(added);
  }

  @Test
  void otherColumnsAreAnotherShapeOnlyWhereRowsWereBuiltAnew() {
    schema.add();
    definitions.alter(EVERY, ASKED);
    definitions.become(EVERY.withToken("again"));
    definitions.become(EVERY.withFew());

    assertThat(definitions.isReshaped(2)).isFalse();
    assertThat(definitions.isReshaped(3)).isFalse();
    assertThat(definitions.isReshaped(4)).isTrue();
  }

  @Test
  void eventsCarryWhatTheyAreTakenToHave() throws Exception {
    for (Event event : log.partition(0)) {
      if (event.effect() == Event.Effect.PUT) {
        JsonNode json = Json.STRICT.readTree(event.value());
        for (String field : new String[] {"amount", Fields.added(1), Fields.added(8)}) {
          Long value = Fields.value(field, event.number());
          assertThat(json.has(field)).isEqualTo(value != null);
          if (value != null) {
            assertThat(Fields.read(field, json.get(field).decimalValue())).isEqualTo(value);
          }
        }
      }
    }
  }

  private static long amount(Event event) {
    return Objects.requireNonNull(Fields.value("amount", event.number()));
  }

  private static Map.Entry<String, Optional<long[]>> column(String name, long @Nullable [] since) {
    return Map.entry(name, Optional.ofNullable(since));
  }

  /** As much of one as says since when there is which column. */
  @SafeVarargs
  private static JsonNode plan(long definition, Map.Entry<String, Optional<long[]>>... columns) {
    ObjectNode plan = JsonNodeFactory.instance.objectNode().put("definition", definition);
    for (Map.Entry<String, Optional<long[]>> each : columns) {
      ObjectNode column = plan.withArray("columns").addObject().put("name", each.getKey());
      each.getValue()
          .ifPresent(since -> {
            ObjectNode offsets = column.putObject("since");
            for (int p = 0; p < since.length; p++) {
              offsets.put(Integer.toString(p), since[p]);
            }
          });
    }
    return plan;
  }

  private static Log log() {
    Log log = new Log("t", 7, PARTITIONS);
    for (long i = 0; i < PARTITIONS * EVENTS; i++) {
      log.partition((int) (i % PARTITIONS)).add(Event.of(7, i));
    }
    return log;
  }
}
