package dev.millrace.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine's {@link Content} promises, tried on its real server. */
public abstract class ContentContract {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final List<AutoCloseable> opened = new ArrayList<>();

  protected abstract StoreUnderTest store();

  @BeforeEach
  void prepare() throws StoreProblem {
    store().driver().prepare(store().site());
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void whatIsReadLooksAsItsEventSaysItShould() throws Exception {
    PipelinePlan plan = provisioned(everyType());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    for (Object[] row : SinkContract.everyType()) {
      feed.put(row);
    }
    Batch batch = feed.batch();
    sink.write(batch);

    Content content = content(plan);

    assertThat(read(content)).isEqualTo(expected(content, batch)).isNotEmpty();
  }

  @Test
  void soDoRowsOfALargeBatch() throws Exception {
    PipelinePlan plan = provisioned(everyType());
    Sink sink = taken(plan);
    Feed feed = new Feed(0);
    for (Object[] row : SinkContract.everyType()) {
      feed.put(row);
    }
    for (int i = 0; i < 7_000; i++) {
      feed.put("filler-" + i, "é" + i, i, null, 0.1 * i, null, i % 2 == 0, null, null, null, "[1]");
    }
    Batch batch = feed.batch();
    sink.write(batch);

    Content content = content(plan);

    assertThat(read(content)).isEqualTo(expected(content, batch));
  }

  @Test
  void aRowThatDiffersInAnyValueLooksDifferent() throws Exception {
    Content content = content(provisioned(everyType()));
    Object[][] rows = SinkContract.everyType();
    for (int column = 1; column < rows[0].length; column++) {
      Object[] other = rows[0].clone();
      other[column] = rows[1][column];
      Object[] without = rows[0].clone();
      without[column] = null;
      assertThat(List.of(content(content, rows[0]), content(content, other)))
          .as("column %d", column)
          .doesNotHaveDuplicates()
          .doesNotContain(content(content, without));
    }
  }

  @Test
  void aValueIsNotTakenForItsNeighbours() throws Exception {
    Content content =
        content(provisioned(plan().key("id", "text").column("one", "text").column("two", "text")));
    assertThat(
            List.of(
                content(content, "k", "ab", "c"),
                content(content, "k", "a", "bc"),
                content(content, "k", "", "abc"),
                content(content, "k", null, "abc"),
                content(content, "k", "abc", null),
                content(content, "k", "abc", "")))
        .doesNotHaveDuplicates();
  }

  @Test
  void anEmptyStoreHasNoRowsAndItsCursors() throws Exception {
    PipelinePlan plan = provisioned(plan().startingAt(7));

    Content content = content(plan);

    assertThat(read(content)).isEmpty();
    assertThat(content.cursors()).extracting(Cursor::nextOffset).containsExactly(7L, 7L);
  }

  @Test
  void itCanBeReadAgain() throws Exception {
    PipelinePlan plan = provisioned(plan());
    taken(plan).write(new Feed(0).put("a", "Ann", null).put("b", "Bob", null).batch());
    Content content = content(plan);

    Map<KeyDigest, Long> first = read(content);

    assertThat(first).hasSize(2);
    assertThat(read(content)).isEqualTo(first);
  }

  /** A row's name counts how often the batch was written: so a portion shows which moment it is. */
  @Test
  void aPortionIsTheEffectOfExactlyTheEventsBeforeItsCursors() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Sink sink = taken(plan);
    int keys = 3_000;
    Feed feed = new Feed(0);
    List<Batch> versions = new ArrayList<>();
    for (int version = 0; version < 5; version++) {
      for (int key = 0; key < keys; key++) {
        feed.put("k" + key, "version " + version, null);
      }
      versions.add(feed.batch());
    }
    sink.write(versions.get(0));
    Content content = content(plan);
    int written = 1;

    content.begin();
    int rows = 0;
    for (Optional<Content.Portion> portion = content.next();
        portion.isPresent();
        portion = content.next()) {
      long at = portion.get().at().get(0);
      assertThat(at % keys).isZero();
      Batch seen = versions.get((int) (at / keys) - 1);
      assertThat(expected(content, seen)).containsAllEntriesOf(looks(portion.get()));
      rows += portion.get().rows().size();
      if (written < versions.size()) {
        sink.write(versions.get(written++));
      }
    }
    assertThat(rows).isGreaterThanOrEqualTo(keys);
    assertThat(written).as("written while it was read").isGreaterThan(2);
  }

  @Test
  void aKeyIsNamedInTheSameWayFromTheStoreAndFromTheStream() throws Exception {
    PipelinePlan plan = provisioned(plan());
    String longKey = "ü🚀".repeat(200);
    taken(plan).write(new Feed(0).put("a", "Ann", null).put(longKey, "long", null).batch());
    Content content = content(plan);

    content.begin();
    List<Content.Row> rows = content.next().orElseThrow().rows();

    for (String key : List.of("a", longKey)) {
      StoreKey storeKey = new StoreKey(key);
      assertThat(rows)
          .filteredOn(row -> row.key().equals(content.key(storeKey)))
          .singleElement()
          .satisfies(row -> assertThat(row.name()).isEqualTo(content.name(storeKey)))
          .satisfies(row -> assertThat(row.name().length()).isLessThan(600));
    }
  }

  @Test
  void aLostCursorIsALostStore() throws Exception {
    PipelinePlan plan = provisioned(plan());
    store().driver().withdraw(store().site(), plan, false);
    SinkContract.assertProblem(
        "StoreLost", () -> store().driver().content(store().site(), plan).close());
  }

  protected PlanBuilder plan() {
    return store()
        .plan(getClass().getSimpleName().toLowerCase(Locale.ROOT) + NAMES.incrementAndGet());
  }

  private PlanBuilder everyType() {
    return plan()
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
        .column("j", "json");
  }

  protected final PipelinePlan provisioned(PlanBuilder builder) throws StoreProblem {
    PipelinePlan plan = builder.build();
    store().driver().provision(store().site(), plan, new Reader.Made(store().reader(plan)));
    return plan;
  }

  protected final Sink taken(PipelinePlan plan) throws StoreProblem {
    Sink sink = store().driver().sink(store().site(), plan, "worker-1");
    opened.add(sink);
    sink.take(plan.start().keySet());
    return sink;
  }

  protected final Content content(PipelinePlan plan) throws StoreProblem {
    Content content = store().driver().content(store().site(), plan);
    opened.add(content);
    return content;
  }

  protected static long content(Content content, Object... row) {
    return content.content(new Feed(0).put(row).batch().entries().get(0));
  }

  protected static Map<KeyDigest, Long> read(Content content) throws StoreProblem {
    Map<KeyDigest, Long> rows = new HashMap<>();
    content.begin();
    for (Optional<Content.Portion> portion = content.next();
        portion.isPresent();
        portion = content.next()) {
      rows.putAll(looks(portion.get()));
    }
    return rows;
  }

  private static Map<KeyDigest, Long> looks(Content.Portion portion) {
    Map<KeyDigest, Long> rows = new HashMap<>();
    portion.rows().forEach(row -> rows.put(row.key(), row.content()));
    return rows;
  }

  protected static Map<KeyDigest, Long> expected(Content content, Batch batch) {
    Map<KeyDigest, Long> rows = new HashMap<>();
    for (Batch.Entry entry : batch.entries()) {
      StoreKey key =
          entry.outcome() instanceof Outcome.Put put
              ? put.key()
              : new StoreKey(entry.partition(), entry.offset());
      rows.put(content.key(key), content.content(entry));
    }
    return rows;
  }
}
