package dev.millrace.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.credentials.Credentials;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine's {@link Sink} promises, tried on its real server. */
public abstract class SinkContract {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final String NASTY =
      "quote ' double \" back \\ tab \t newline \n return \r null-like \\N NULL brace {} () , ;"
          + " ümläut 漢字 🚀 \u200b \u007f $1 % :x $$ \u0001";

  private final List<Sink> opened = new ArrayList<>();

  protected abstract StoreUnderTest store();

  @BeforeEach
  void prepare() throws StoreProblem {
    store().driver().prepare(store().site());
  }

  @AfterEach
  void closeSinks() {
    opened.forEach(Sink::close);
  }

  @Test
  void rowsAreThereWithTheirCursor() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(new Feed(0).put("a", "Ann", money("1.50")).put("b", "Bob", null).pass(3).batch());
    assertThat(rows(plan))
        .containsExactly(
            Map.of("id", "a", "name", "Ann", "total", "1.50"), Map.of("id", "b", "name", "Bob"));
    Cursor cursor = cursor(plan, 0);
    assertThat(cursor.nextOffset()).isEqualTo(5);
    assertThat(cursor.leaderEpoch()).contains(3);
    assertThat(cursor.counts()).isEqualTo(new Counts(5, 2, 3, 0, 0));
    assertThat(cursor(plan, 1).nextOffset()).isZero();
  }

  @Test
  void eachBatchIsCountedByTheWayItWasWritten() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(feed.put("a", "Ann", null).batch());
    sink.write(feed.put("a", "Anna", null).put("b", "Bob", null).batch());
    Prepared last = sink.prepare(feed.pass(3).batch());
    sink.write(last);

    Map<String, Long> ways = sink.effort().ways();

    assertThat(ways.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(3);
    assertThat(store().driver().ways().stream().map(WriteWay::name)).containsAll(ways.keySet());
    assertThat(last.nanos()).isPositive();
  }

  @Test
  void aGapIsPassedWithoutARowAndWhatStoodBeforeItSaysNothingOfWhatComesBehind() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(new Feed(0).put("a", "Ann", money("1.50")).batch());

    sink.write(
        new Batch(List.of(), List.of(new Batch.Move(0, 1, 500, Optional.empty(), Counts.NONE))));

    Cursor cursor = cursor(plan, 0);
    assertThat(cursor.nextOffset()).isEqualTo(500);
    assertThat(cursor.leaderEpoch()).isEmpty();
    assertThat(cursor.counts()).isEqualTo(new Counts(1, 1, 0, 0, 0));
    assertThat(rows(plan)).hasSize(1);
    sink.write(new Feed(0, 500).put("b", "Bob", null).batch());
    sink.flush();
    assertThat(cursor(plan, 0).leaderEpoch()).contains(3);
  }

  @Test
  void countsAddUpOverBatchesAndPartitions() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed zero = new Feed(0);
    Feed one = new Feed(1);
    sink.write(Feed.together(zero.put("a", "A", null).batch(), one.put("b", "B", null).batch()));
    sink.write(Feed.together(zero.delete("a").pass(2).batch(), one.leave("x").batch()));
    assertThat(cursor(plan, 0).counts()).isEqualTo(new Counts(4, 2, 2, 0, 0));
    assertThat(cursor(plan, 1).counts()).isEqualTo(new Counts(2, 1, 1, 0, 0));
    assertThat(rows(plan)).containsExactly(Map.of("id", "b", "name", "B"));
  }

  @Test
  void theLastVersionOfAKeyInABatchStands() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(feed.put("gone", "x", null).put("left", "x", null).batch());
    sink.write(
        feed.put("a", "first", money("1.00"))
            .put("a", "second", null)
            .put("gone", "y", null)
            .delete("gone")
            .put("left", "y", null)
            .leave("left")
            .delete("back")
            .put("back", "again", null)
            .batch());
    assertThat(rows(plan))
        .containsExactly(
            Map.of("id", "a", "name", "second"), Map.of("id", "back", "name", "again"));
  }

  @Test
  void aRowReplacesTheOneBeforeWhollyWithItsNulls() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(feed.put("a", "Ann", money("1.00")).batch());
    sink.write(feed.put("a", null, money("2.00")).batch());
    assertThat(rows(plan)).containsExactly(Map.of("id", "a", "total", "2.00"));
  }

  @Test
  void aRowWithNothingButItsKeyIsARow() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(feed.put("a", null, null).batch());
    assertThat(rows(plan)).containsExactly(Map.of("id", "a"));
    sink.write(feed.delete("a").batch());
    assertThat(rows(plan)).isEmpty();
  }

  @Test
  void deletingWhatIsNotThereIsNoMistake() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(new Feed(0).delete("nobody").leave("nothing").batch());
    assertThat(rows(plan)).isEmpty();
    assertThat(cursor(plan, 0).nextOffset()).isEqualTo(2);
  }

  @Test
  void everyTypeComesBackAsItWentIn() throws Exception {
    PipelinePlan plan =
        provisioned(
            plan()
                .key("id", "text")
                .column("t", "text")
                .column("i", "int32")
                .column("l", "int64")
                .column("f", "float64")
                .column("n", "decimal(38,10)")
                .column("b", "boolean")
                .column("d", "date")
                .column("ts", "timestamp")
                .column("u", "uuid")
                .column("j", "json"));
    Object[][] values = everyType();
    for (boolean large : new boolean[] {false, true}) {
      Sink sink = taken(plan);
      Feed feed = new Feed(0, cursor(plan, 0).nextOffset());
      for (Object[] row : values) {
        feed.put(row);
      }
      if (large) {
        for (int i = 0; i < 20_000; i++) {
          feed.put("filler-" + i, null, i, null, null, null, null, null, null, null, null);
        }
      }
      sink.write(feed.batch());
      Map<String, Map<String, String>> found = byId(plan);
      assertThat(found).hasSize(values.length + (large ? 20_000 : 0));
      for (Object[] row : values) {
        assertSame(plan, row, found.get(row[0]));
      }
    }
  }

  static Object[][] everyType() {
    return new Object[][] {
      {
        "ordinary",
        "text",
        1,
        2L,
        3.25,
        new BigDecimal("4.5000000000"),
        true,
        LocalDate.of(2026, 11, 24),
        Instant.parse("2026-11-24T10:00:00.123456Z"),
        UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
        "{\"a\":[1,2.5,\"x\",null,true]}"
      },
      {
        "lowest",
        "",
        Integer.MIN_VALUE,
        Long.MIN_VALUE,
        -Double.MAX_VALUE,
        new BigDecimal("-9999999999999999999999999999.9999999999"),
        false,
        LocalDate.of(1, 1, 1),
        Instant.parse("0001-01-01T00:00:00Z"),
        new UUID(0, 0),
        "{}"
      },
      {
        "highest",
        "z".repeat(100_000),
        Integer.MAX_VALUE,
        Long.MAX_VALUE,
        Double.MIN_VALUE,
        new BigDecimal("9999999999999999999999999999.9999999999"),
        true,
        LocalDate.of(9999, 12, 31),
        Instant.parse("9999-12-31T23:59:59.999999Z"),
        new UUID(-1, -1),
        "\"just a text\""
      },
      {
        NASTY,
        NASTY,
        0,
        0L,
        -0.0,
        new BigDecimal("0.0000000001"),
        false,
        LocalDate.of(1969, 12, 31),
        Instant.parse("1969-12-31T23:59:59.999999Z"),
        new UUID(1, 1),
        Json.STRICT.createObjectNode().put("k\"'\\\n", NASTY).toString()
      },
      {
        "round",
        "NULL",
        10,
        100_000_000L,
        1e300,
        new BigDecimal("100000000.0000000000"),
        true,
        LocalDate.of(2000, 2, 29),
        Instant.EPOCH,
        new UUID(7, 7),
        "[]"
      },
      {"empty", null, null, null, null, null, null, null, null, null, null},
    };
  }

  @Test
  void integerKeysFindTheirRowsAgain() throws Exception {
    for (String type : List.of("int32", "int64")) {
      PipelinePlan plan = provisioned(store().plan(fresh()).key("id", type).column("name", "text"));
      Sink sink = taken(plan);
      Feed feed = new Feed(0);
      sink.write(feed.put(number(type, 1), "a").put(number(type, -7), "b").batch());
      sink.write(feed.put(number(type, 1), "c").delete(number(type, -7)).batch());
      assertThat(rows(plan)).containsExactly(Map.of("id", "1", "name", "c"));
      assertThat(presentKeys(taken(plan))).containsExactly(new StoreKey(number(type, 1)));
    }
  }

  @Test
  void nastyKeysFindTheirRowsAgain() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    List<String> keys =
        List.of(
            NASTY,
            "",
            " ",
            "a",
            "A",
            "a ",
            "ä",
            "a\u0308",
            "*",
            "{x}",
            "1",
            "01",
            "k".repeat(1000));
    keys.forEach(key -> feed.put(key, "1", null));
    sink.write(feed.batch());
    keys.forEach(key -> feed.put(key, key, null));
    sink.write(feed.batch());
    assertThat(rows(plan))
        .hasSize(keys.size())
        .allMatch(row -> row.get("id").equals(row.get("name")));
    assertThat(presentKeys(taken(plan)))
        .containsExactlyInAnyOrderElementsOf(keys.stream().map(StoreKey::new).toList());
    sink = taken(plan);
    keys.forEach(feed::delete);
    sink.write(feed.batch());
    assertThat(rows(plan)).isEmpty();
  }

  @Test
  void largeBatchesInsertReplaceAndDelete() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    for (int i = 0; i < 20_000; i++) {
      feed.put("k" + i, "old", null);
    }
    sink.write(feed.batch());
    for (int i = 10_000; i < 30_000; i++) {
      feed.put("k" + i, "new", money("1.00"));
    }
    for (int i = 0; i < 5_000; i++) {
      feed.delete("k" + i);
    }
    sink.write(feed.batch());
    Map<String, Map<String, String>> found = byId(plan);
    assertThat(found).hasSize(25_000).doesNotContainKey("k4999").containsKey("k5000");
    assertThat(found.get("k9999")).isEqualTo(Map.of("id", "k9999", "name", "old"));
    assertThat(found.get("k10000"))
        .isEqualTo(Map.of("id", "k10000", "name", "new", "total", "1.00"));
    assertThat(cursor(plan, 0).nextOffset()).isEqualTo(45_000);
  }

  @Test
  void anEarlierHolderIsFencedAndLeavesNothing() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink earlier = taken(plan);
    Feed feed = new Feed(0);
    earlier.write(feed.put("a", "1", null).batch());
    Sink later = open(plan);
    List<Cursor> cursors = later.take(Set.of(0, 1));
    assertThat(cursors).extracting(Cursor::partition).containsExactlyInAnyOrder(0, 1);
    assertThat(cursors)
        .filteredOn(cursor -> cursor.partition() == 0)
        .singleElement()
        .satisfies(cursor -> assertThat(cursor.nextOffset()).isEqualTo(1));
    Batch late = feed.put("b", "2", null).dead("NotJson", "", "no JSON", "").batch();
    // Its connection may have been ended, or its write refused: either way nothing is written.
    assertThatThrownBy(() -> earlier.write(late))
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(Fenced.class),
            e -> assertThat(((StoreProblem) e).code()).isEqualTo("StoreUnavailable"));
    assertThat(rows(plan)).containsExactly(Map.of("id", "a", "name", "1"));
    assertThat(cursor(plan, 0).nextOffset()).isEqualTo(1);
    assertThat(deadLetters(plan)).isEmpty();
    later.write(late);
    assertThat(rows(plan)).hasSize(2);
  }

  @Test
  void partitionsMayHaveDifferentHolders() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink zero = open(plan);
    Sink one = open(plan);
    zero.take(Set.of(0));
    one.take(Set.of(1));
    zero.write(new Feed(0).put("a", "0", null).batch());
    one.write(new Feed(1).put("b", "1", null).batch());
    assertThat(rows(plan)).hasSize(2);
    assertThatExceptionOfType(Fenced.class)
        .isThrownBy(() -> one.write(new Feed(0, 1).put("c", "x", null).batch()));
    assertThat(rows(plan)).hasSize(2);
  }

  @Test
  void aBatchFromAnotherOffsetIsFenced() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(new Feed(0).put("a", "1", null).put("b", "1", null).batch());
    for (long wrong : new long[] {0, 1, 3}) {
      assertThatExceptionOfType(Fenced.class)
          .isThrownBy(() -> sink.write(new Feed(0, wrong).put("a", "again", null).batch()));
    }
    assertThat(rows(plan)).allMatch(row -> row.get("name").equals("1"));
    // Nothing is broken: the same grip goes on from where the store stands.
    sink.write(new Feed(0, 2).put("c", "1", null).batch());
    assertThat(rows(plan)).hasSize(3);
  }

  @Test
  void oneWrongMoveFencesTheWholeBatch() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Batch half =
        Feed.together(
            new Feed(0).put("a", "right", null).batch(),
            new Feed(1, 9).put("b", "wrong", null).dead("NotJson", "", "no", "").batch());
    assertThatExceptionOfType(Fenced.class).isThrownBy(() -> sink.write(half));
    assertThat(rows(plan)).isEmpty();
    assertThat(cursor(plan, 0).nextOffset()).isZero();
    assertThat(deadLetters(plan)).isEmpty();
  }

  @Test
  void aLargeBatchIsFencedWhollyToo() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0, 5);
    for (int i = 0; i < 20_000; i++) {
      feed.put("k" + i, "x", null);
    }
    assertThatExceptionOfType(Fenced.class).isThrownBy(() -> sink.write(feed.batch()));
    assertThat(rows(plan)).isEmpty();
    sink.write(new Feed(0).put("a", "1", null).batch());
    assertThat(rows(plan)).hasSize(1);
  }

  @Test
  void writingBeforeTakingIsFenced() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = open(plan);
    assertThatExceptionOfType(Fenced.class)
        .isThrownBy(() -> sink.write(new Feed(0).put("a", "1", null).batch()));
    assertThat(rows(plan)).isEmpty();
  }

  @Test
  void aWorkerOfAnOlderDefinitionIsFencedOnceTheStoreHasANewer() throws Exception {
    PlanBuilder builder = plan();
    PipelinePlan plan = provisioned(builder);
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(feed.put("a", "1", null).batch());
    PipelinePlan newer = provisioned(builder.definition(2));
    assertThat(cursor(newer, 0).nextOffset()).isEqualTo(1);
    assertThat(cursor(newer, 0).definition()).isEqualTo(2);
    assertThatExceptionOfType(Fenced.class)
        .isThrownBy(() -> sink.write(feed.put("b", "2", null).batch()));
    assertThat(rows(plan)).hasSize(1);
    taken(newer).write(new Feed(0, 1).put("b", "2", null).batch());
    assertThat(rows(plan)).hasSize(2);
  }

  @Test
  void aStoreThatWasSetBackToAnOlderDefinitionIsNamedAndLeftToWhoeverHasIt() throws Exception {
    PlanBuilder builder = plan();
    PipelinePlan plan = provisioned(builder);
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(feed.put("a", "1", null).batch());
    Sink newer = open(builder.definition(2).build());

    assertThatExceptionOfType(StoreProblem.class)
        .isThrownBy(() -> newer.take(plan.start().keySet()))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("DefinitionBehind"))
        .satisfies(problem -> assertThat(problem.passing()).isFalse());
    sink.write(feed.put("b", "2", null).batch());
    assertThat(rows(plan)).hasSize(2);
  }

  @Test
  void aSubscriptionThatWasWithdrawnIsALostStore() throws Exception {
    PipelinePlan plan = provisioned(plan());
    store().driver().withdraw(store().site(), plan, false);
    Sink sink = open(plan);
    assertProblem("StoreLost", () -> sink.take(Set.of(0, 1)));
    assertProblem("StoreLost", () -> store().driver().cursors(store().site(), plan));
  }

  @Test
  void aPartitionWithoutCursorIsALostStore() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = open(plan);
    assertProblem("StoreLost", () -> sink.take(Set.of(0, 7)));
  }

  @Test
  void aTopicOfAnotherIdIsANewSource() throws Exception {
    PlanBuilder builder = plan();
    provisioned(builder);
    Sink sink = open(builder.topicId("topic-2").build());
    assertProblem("SourceRecreated", () -> sink.take(Set.of(0, 1)));
  }

  @Test
  void deadLettersAreKeptWithTheirReasonNewestFirst() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(
        feed.dead("OutOfRange", "total", "total is beyond " + NASTY, NASTY)
            .put("a", "1", null)
            .batch());
    sink.write(feed.dead("NotJson", "", "no JSON", "").batch());
    List<JsonNode> letters = deadLetters(plan);
    assertThat(letters)
        .extracting(letter -> letter.get("code").asText())
        .containsExactly("NotJson", "OutOfRange");
    JsonNode older = letters.get(1);
    assertThat(older.get("partition").asInt()).isZero();
    assertThat(older.get("offset").asLong()).isZero();
    assertThat(older.get("field").asText()).isEqualTo("total");
    assertThat(older.get("message").asText()).isEqualTo("total is beyond " + NASTY);
    assertThat(older.get("excerpt").asText()).isEqualTo(NASTY);
    assertThat(Instant.parse(older.get("at").asText()))
        .isAfter(Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(cursor(plan, 0).counts()).isEqualTo(new Counts(3, 1, 0, 2, 0));
  }

  @Test
  void aDeadLetterMayTellOfWhatNoColumnHolds() throws Exception {
    PipelinePlan plan = provisioned(plan());
    String broken = "nul \0 half \ud83d end";
    taken(plan).write(new Feed(0).dead("ForbiddenCharacter", "f", broken, broken).batch());
    assertThat(deadLetters(plan).get(0).get("excerpt").asText())
        .startsWith("nul ")
        .contains(" half ")
        .endsWith(" end");
  }

  @Test
  void aDeadLetterThatWasCorrectedBecomesARowAndCountsAsApplied() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(twoDeadLetters());
    assertThat(sink.deadLetters(List.of(at(0), at(1), at(2), at(9)))).containsOnly(at(1), at(2));

    sink.amend(
        amendment(
            new Feed(0, 1).put("b", "corrected", money("1.00")),
            new Counts(0, 1, 0, -1, 0),
            Set.of(at(1))));

    assertThat(rows(plan))
        .containsExactly(
            Map.of("id", "a", "name", "1"),
            Map.of("id", "b", "name", "corrected", "total", "1.00"));
    assertThat(offsets(deadLetters(plan))).containsExactly(2L);
    assertThat(sink.deadLetters(List.of(at(1), at(2)))).containsOnly(at(2));
    assertThat(cursor(plan, 0).nextOffset()).isEqualTo(3);
    assertThat(cursor(plan, 0).counts()).isEqualTo(new Counts(3, 2, 0, 1, 0));
    sink.flush();
    sink.write(new Feed(0, 3).put("b", "later", null).batch());
    assertThat(rows(plan)).contains(Map.of("id", "b", "name", "later"));
  }

  @Test
  void correctedDeletionsAndLettersThatAreDiscardedOrHiddenTakeNoRowButTheirOwn() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(twoDeadLetters());
    sink.amend(
        amendment(new Feed(0, 1).leave("a"), new Counts(0, 0, 1, -2, 1), Set.of(at(1), at(2))));
    assertThat(rows(plan)).isEmpty();
    assertThat(deadLetters(plan)).isEmpty();
    assertThat(cursor(plan, 0).counts()).isEqualTo(new Counts(3, 1, 1, 0, 1));
  }

  @Test
  void aLetterThatIsDeadAgainStaysWithItsNewReason() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(twoDeadLetters());
    sink.amend(
        amendment(
            new Feed(0, 1)
                .dead("WrongType", "name", "name is " + NASTY + '\0', NASTY)
                .dead("RedriveTooLate", "", "too late", ""),
            Counts.NONE,
            Set.of()));
    assertThat(deadLetters(plan))
        .extracting(letter -> letter.get("code").asText() + " " + letter.get("excerpt").asText())
        .containsExactlyInAnyOrder("WrongType " + NASTY, "RedriveTooLate second");
    assertThat(cursor(plan, 0).counts()).isEqualTo(new Counts(3, 1, 0, 2, 0));
  }

  @Test
  void anAmendmentComesOnce() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(twoDeadLetters());
    Amendment amendment =
        amendment(
            new Feed(0, 1).put("b", "corrected", null), new Counts(0, 1, 0, -1, 0), Set.of(at(1)));
    sink.amend(amendment);
    assertThatExceptionOfType(Fenced.class).isThrownBy(() -> sink.amend(amendment));
    assertThatExceptionOfType(Fenced.class)
        .isThrownBy(() ->
            sink.amend(
                amendment(
                    new Feed(0, 1).put("b", "x", null).dead("NotJson", "", "no", ""),
                    new Counts(0, 1, 0, -1, 0),
                    Set.of(at(7)))));
    assertThat(rows(plan))
        .containsExactly(Map.of("id", "a", "name", "1"), Map.of("id", "b", "name", "corrected"));
    assertThat(cursor(plan, 0).counts()).isEqualTo(new Counts(3, 2, 0, 1, 0));
    assertThat(deadLetters(plan)).hasSize(1);
  }

  @Test
  void anAmendmentIsFencedWhereTheCursorIsNotItsHoldersOrElsewhere() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(twoDeadLetters());
    Amendment elsewhere =
        new Amendment(
            new Batch(
                new Feed(0, 1).put("b", "x", null).batch().entries(),
                List.of(new Batch.Move(0, 2, 2, Optional.empty(), new Counts(0, 1, 0, -1, 0)))),
            Set.of(at(1)));
    assertThatExceptionOfType(Fenced.class).isThrownBy(() -> sink.amend(elsewhere));
    Sink later = taken(plan);
    Amendment right =
        amendment(new Feed(0, 1).put("b", "x", null), new Counts(0, 1, 0, -1, 0), Set.of(at(1)));
    assertThatThrownBy(() -> sink.amend(right))
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(Fenced.class),
            e -> assertThat(((StoreProblem) e).code()).isEqualTo("StoreUnavailable"));
    assertThat(rows(plan)).hasSize(1);
    assertThat(deadLetters(plan)).hasSize(2);
    later.amend(right);
    assertThat(rows(plan)).hasSize(2);
  }

  @Test
  void manyDeadLettersAreCorrectedAtOnce() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed dead = new Feed(0);
    Feed good = new Feed(0);
    Set<EventPlace> all = new HashSet<>();
    for (int i = 0; i < 2_500; i++) {
      dead.dead("NotJson", "", "no JSON", "");
      good.put("k" + i, "corrected", null);
      all.add(at(i));
    }
    sink.write(dead.batch());
    assertThat(store().driver().deadLettersAt(store().site(), plan, all)).hasSize(2_500);
    assertThat(sink.deadLetters(all)).isEqualTo(all);
    sink.amend(
        new Amendment(
            new Batch(
                good.batch().entries(),
                List.of(
                    new Batch.Move(
                        0, 2_500, 2_500, Optional.empty(), new Counts(0, 2_500, 0, -2_500, 0)))),
            all));
    assertThat(rows(plan)).hasSize(2_500);
    assertThat(deadLetters(plan)).isEmpty();
    assertThat(store().driver().deadLettersAt(store().site(), plan, all)).isEmpty();
  }

  /** Offsets 0 to 2: a row, and two that could not be applied. */
  private static Batch twoDeadLetters() {
    return new Feed(0)
        .put("a", "1", null)
        .dead("NotJson", "", "no JSON", "first")
        .dead("OutOfRange", "total", "too large", "second")
        .batch();
  }

  private static Amendment amendment(Feed changes, Counts delta, Set<EventPlace> settled) {
    return new Amendment(
        new Batch(
            changes.batch().entries(), List.of(new Batch.Move(0, 3, 3, Optional.empty(), delta))),
        settled);
  }

  private static EventPlace at(long offset) {
    return new EventPlace(0, offset);
  }

  private static List<Long> offsets(List<JsonNode> letters) {
    return letters.stream().map(letter -> letter.get("offset").asLong()).toList();
  }

  @Test
  void presentKeysAreAllKeys() throws Exception {
    PipelinePlan plan = provisioned(plan());
    assertThat(presentKeys(taken(plan))).isEmpty();
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    Set<StoreKey> expected = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      feed.put("k" + i, "x", null);
      expected.add(new StoreKey("k" + i));
    }
    feed.delete("k7");
    expected.remove(new StoreKey("k7"));
    sink.write(feed.batch());
    Sink later = taken(plan);
    assertThat(presentKeys(later)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(later.presentKeys(5_000, key -> {})).isTrue();
    assertThat(later.presentKeys(100, key -> {})).as("more than can be remembered").isFalse();
    later.write(feed.put("k7", "back", null).batch());
    assertThat(rows(plan)).hasSize(5_000);
  }

  @Test
  void whatWasFlushedIsSeenOnAFreshConnection() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.flush();
    sink.write(new Feed(1).put("a", "1", null).batch());
    sink.flush();
    assertThat(cursor(plan, 1).nextOffset()).isEqualTo(1);
  }

  @Test
  void aCursorThatWasTakenOverIsNoticedAtRestToo() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    sink.write(new Feed(0).put("a", "1", null).batch());
    sink.flush();
    Sink later = taken(plan);
    assertThatThrownBy(sink::flush).isInstanceOfAny(Fenced.class, StoreProblem.class);
    later.flush();
  }

  @Test
  void flushesMayRunBesideWrites() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    AtomicBoolean on = new AtomicBoolean(true);
    AtomicInteger flushes = new AtomicInteger();
    FutureTask<Integer> flushing =
        new FutureTask<>(() -> {
          while (on.get()) {
            sink.flush();
            flushes.incrementAndGet();
          }
          return flushes.get();
        });
    Thread.ofPlatform().start(flushing);
    Feed feed = new Feed(0);
    int written = 0;
    while (written < 200 || flushes.get() < 2) {
      sink.write(feed.put("k" + written % 50, "v" + written, null).batch());
      written++;
    }
    on.set(false);
    flushing.get();
    assertThat(rows(plan)).hasSize(50);
    assertThat(cursor(plan, 0).nextOffset()).isEqualTo(written);
  }

  @Test
  void aBrokenConnectionIsSaidToBeUnavailableAndANewOneGoesOn() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    sink.write(feed.put("a", "1", null).batch());
    store().cutConnections();
    assertThatExceptionOfType(StoreProblem.class)
        .isThrownBy(() -> sink.write(feed.put("b", "2", null).batch()))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("StoreUnavailable"))
        .satisfies(problem -> assertThat(problem.passing()).isTrue());
    sink.close();
    assertThat(rows(plan)).hasSize(1);
    Sink again = open(plan);
    long at =
        again.take(Set.of(0)).stream()
            .filter(c -> c.partition() == 0)
            .findFirst()
            .orElseThrow()
            .nextOffset();
    again.write(new Feed(0, at).put("c", "3", null).batch());
    assertThat(rows(plan)).extracting(row -> row.get("id")).containsExactly("a", "c");
  }

  @Test
  void twoSubscriptionsInOneStoreDoNotTouchEachOther() throws Exception {
    PipelinePlan one = provisioned(plan());
    PipelinePlan other = provisioned(plan());
    taken(one).write(new Feed(0).put("a", "one", null).dead("NotJson", "", "no", "").batch());
    taken(other).write(new Feed(0).put("a", "other", null).batch());
    assertThat(rows(one)).containsExactly(Map.of("id", "a", "name", "one"));
    assertThat(rows(other)).containsExactly(Map.of("id", "a", "name", "other"));
    assertThat(deadLetters(other)).isEmpty();
  }

  // What subclasses may build their own tests of.

  protected final String fresh() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT) + NAMES.incrementAndGet();
  }

  /** Every test has a subscription of its own. */
  protected final PlanBuilder plan() {
    return store().plan(fresh());
  }

  protected final PipelinePlan provisioned(PlanBuilder builder) throws StoreProblem {
    PipelinePlan plan = builder.build();
    store().driver().provision(store().site(), plan, new Reader.Made(store().reader(plan)));
    return plan;
  }

  /** Closed after the test. */
  protected final Sink open(PipelinePlan plan) throws StoreProblem {
    Sink sink = store().driver().sink(store().site(), plan, "worker-1");
    opened.add(sink);
    return sink;
  }

  protected final Sink taken(PipelinePlan plan) throws StoreProblem {
    Sink sink = open(plan);
    sink.take(plan.start().keySet());
    return sink;
  }

  protected final Cursor cursor(PipelinePlan plan, int partition) throws StoreProblem {
    return store().driver().cursors(store().site(), plan).stream()
        .filter(cursor -> cursor.partition() == partition)
        .findFirst()
        .orElseThrow();
  }

  /** In the order of the key. */
  protected final List<Map<String, String>> rows(PipelinePlan plan) throws Exception {
    return List.copyOf(byId(plan).values());
  }

  protected final List<JsonNode> deadLetters(PipelinePlan plan) throws StoreProblem {
    return store().driver().deadLetters(store().site(), plan, 100, Optional.empty()).entries();
  }

  protected interface Attempt {
    void run() throws Exception;
  }

  protected static StoreProblem assertProblem(String code, Attempt attempt) {
    try {
      attempt.run();
    } catch (StoreProblem problem) {
      assertThat(problem.code()).as(problem.getMessage()).isEqualTo(code);
      assertThat(problem.getMessage()).isNotBlank();
      assertThat(problem.remedy()).isNotBlank();
      return problem;
    } catch (Exception e) {
      throw new AssertionError("expected a StoreProblem " + code, e);
    }
    throw new AssertionError("expected a StoreProblem " + code + ", nothing was thrown");
  }

  private Map<String, Map<String, String>> byId(PipelinePlan plan) throws Exception {
    Credentials writer = store().site().writer();
    Map<String, Map<String, String>> byId = new TreeMap<>();
    for (Map<String, String> row : store().rowsAs(writer, plan)) {
      assertThat(byId.put(row.get("id"), row)).as("the key is there once").isNull();
    }
    return byId;
  }

  private static Set<StoreKey> presentKeys(Sink sink) throws StoreProblem {
    Set<StoreKey> keys = new HashSet<>();
    assertThat(sink.presentKeys(Long.MAX_VALUE - 1, keys::add)).isTrue();
    return keys;
  }

  private static Object number(String type, int value) {
    return type.equals("int32") ? (Object) value : (Object) (long) value;
  }

  private static BigDecimal money(String text) {
    return new BigDecimal(text);
  }

  private static void assertSame(PipelinePlan plan, Object[] row, Map<String, String> found)
      throws Exception {
    for (int i = 0; i < row.length; i++) {
      PipelinePlan.Column column = plan.columns().get(i);
      String text = found.get(column.name());
      if (row[i] == null) {
        assertThat(text).as(column.name()).isNull();
      } else {
        assertThat(parsed(column.type(), text))
            .as(row[0] + " " + column.name())
            .isEqualTo(parsed(column.type(), row[i].toString()));
      }
    }
  }

  private static Object parsed(String type, String text) throws Exception {
    return switch (type) {
      case "float64" -> Double.valueOf(text) + 0.0;
      case "decimal(38,10)" -> new BigDecimal(text).setScale(10);
      case "timestamp" -> Instant.parse(text);
      case "json" -> Json.STRICT.readTree(text);
      default -> text;
    };
  }
}
