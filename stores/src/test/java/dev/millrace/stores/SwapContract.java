package dev.millrace.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every engine promises of a shadow that takes the place of a live target. */
public abstract class SwapContract extends Rebuilds {
  private static final int KEYS = 20;

  @Test
  void afterwardsAllIsTheShadows() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), new Feed(0).put("a", "old").put("b", "same").put("c", "old").pass(1));
    write(
        rebuild.shadow(),
        new Feed(0).put("b", "same").put("c", "new").put("d", "new").dead("NotJson", "f", "", ""));

    swap(rebuild);

    assertThat(names(rebuild.next())).isEqualTo(Map.of("b", "same", "c", "new", "d", "new"));
    assertThat(driver().cursors(store().site(), rebuild.next()))
        .containsExactly(
            new Cursor(
                0, 4, Optional.of(3), "cluster-1", "topic-1", 2, "", new Counts(4, 3, 0, 1, 0)));
    assertThat(deadLetters(rebuild.next()))
        .extracting((JsonNode letter) -> letter.get("offset").asLong())
        .containsExactly(3L);
  }

  @Test
  void soItIsWithAnotherShape() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NOTED);
    write(rebuild.live(), new Feed(0).put("a", "old").dead("NotJson", "f", "", ""));
    write(rebuild.shadow(), new Feed(0).put("a", "new", "noted").put("b", "new", null));

    swap(rebuild);

    assertThat(rows(rebuild.next()))
        .containsExactlyInAnyOrder(
            Map.of("id", "a", "name", "new", "note", "noted"), Map.of("id", "b", "name", "new"));
    assertThat(driver().cursors(store().site(), rebuild.next()))
        .extracting(Cursor::definition)
        .containsExactly(2L);
    assertThat(deadLetters(rebuild.next())).isEmpty();
  }

  @Test
  void theReaderReadsWhatTookThePlace() throws Exception {
    for (UnaryOperator<PlanBuilder> shape : List.of(NAMED, NOTED)) {
      Rebuild rebuild = provisioned(NAMED, shape);
      write(rebuild.shadow(), shape == NAMED ? put("a", "new") : put("a", "new", "n"));
      write(rebuild.live(), put("a", "old"));
      assertThatThrownBy(() -> store().rowsAs(store().reader(rebuild.live()), rebuild.shadow()))
          .isInstanceOf(Exception.class);

      swap(rebuild);

      assertThat(store().rowsAs(store().reader(rebuild.live()), rebuild.next()))
          .extracting((Map<String, String> row) -> row.get("name"))
          .containsExactly("new");
    }
  }

  @Test
  void nothingIsLeftOfAShadowThatTookThePlace() throws Exception {
    Rebuild plans = plans(NAMED, NAMED);
    provision(plans.live());
    write(plans.live(), put("a", "1"));
    List<String> before = withoutCursors(store().inventory());
    provisionShadow(plans.shadow());
    write(plans.shadow(), put("a", "1"));
    assertThat(withoutCursors(store().inventory())).isNotEqualTo(before);

    swap(plans);

    assertThat(withoutCursors(store().inventory())).isEqualTo(before);
  }

  @Test
  void nothingIsLeftOfAShadowThatWasWithdrawn() throws Exception {
    Rebuild plans = plans(NAMED, NOTED);
    provision(plans.live());
    write(plans.live(), put("a", "1"));
    List<String> before = store().inventory();
    provisionShadow(plans.shadow());
    write(plans.shadow(), put("a", "1", "2").dead("NotJson", "", "", ""));

    driver().withdraw(store().site(), plans.shadow(), false);

    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void anotherShadowCanFollow() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NOTED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "2", "n"));
    swap(rebuild);
    PipelinePlan next = copy(rebuild.next(), NAMED, 3);
    PipelinePlan shadow = shadow(next, NAMED);
    provisionShadow(shadow);
    write(shadow, put("a", "3"));

    driver().swap(store().site(), rebuild.next(), shadow, next);

    assertThat(rows(next)).containsExactly(Map.of("id", "a", "name", "3"));
  }

  @Test
  void twiceIsOnce() throws Exception {
    for (UnaryOperator<PlanBuilder> shape : List.of(NAMED, NOTED)) {
      Rebuild rebuild = provisioned(NAMED, shape);
      write(rebuild.live(), put("a", "1"));
      write(rebuild.shadow(), shape == NAMED ? put("a", "2") : put("a", "2", "n"));
      swap(rebuild);
      List<String> before = store().inventory();

      swap(rebuild);

      assertThat(store().inventory()).isEqualTo(before);
      assertThat(rows(rebuild.next())).hasSize(1);
    }
  }

  @Test
  void aShadowThatStandsElsewhereChangesNothing() throws Exception {
    for (UnaryOperator<PlanBuilder> shape : List.of(NAMED, NOTED)) {
      Rebuild rebuild = provisioned(NAMED, shape);
      write(rebuild.live(), put("a", "1").put("b", "1"));
      write(rebuild.shadow(), shape == NAMED ? put("a", "2") : put("a", "2", "n"));
      List<String> before = store().inventory();

      assertThat(assertProblem("RebuildBehind", () -> swap(rebuild)).passing()).isTrue();

      assertThat(store().inventory()).isEqualTo(before);
      assertThat(names(rebuild.live())).isEqualTo(Map.of("a", "1", "b", "1"));
    }
  }

  @Test
  void aShadowOfOtherPartitionsIsBehind() throws Exception {
    Rebuild rebuild = provisioned(NAMED, plan -> NAMED.apply(plan).partitions(2));

    assertProblem("RebuildBehind", () -> swap(rebuild));
  }

  @Test
  void aStoreThatLostTheLiveCursorsIsLost() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    driver().withdraw(store().site(), rebuild.live(), false);

    assertProblem("StoreLost", () -> swap(rebuild));
  }

  @Test
  void aShadowThatIsNotThereChangesNothing() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), put("a", "1"));
    driver().withdraw(store().site(), rebuild.shadow(), false);
    List<String> before = store().inventory();

    assertProblem("StoreLost", () -> swap(rebuild));

    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void aStoreAtANewerDefinitionIsNotSetBack() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    provision(copy(rebuild.next(), NAMED, 3));
    List<String> before = store().inventory();

    assertProblem("Fenced", () -> swap(rebuild));

    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void holdersOfTheOldDefinitionAreFencedAndTakeNothingBack() throws Exception {
    Rebuild rebuild = provisioned(NAMED, NAMED);
    write(rebuild.live(), put("a", "1"));
    write(rebuild.shadow(), put("a", "2"));
    try (Sink live = driver().sink(store().site(), rebuild.live(), "live");
        Sink shadow = driver().sink(store().site(), rebuild.shadow(), "shadow");
        Sink next = driver().sink(store().site(), rebuild.next(), "next");
        Sink late = driver().sink(store().site(), rebuild.live(), "late")) {
      live.take(Set.of(0));
      shadow.take(Set.of(0));
      swap(rebuild);
      next.take(Set.of(0));

      assertThatThrownBy(() -> live.write(new Feed(0, 1).put("a", "zombie").batch()))
          .isInstanceOf(Fenced.class);
      assertThatThrownBy(() -> shadow.write(new Feed(0, 1).put("a", "zombie").batch()))
          .isInstanceOf(Exception.class);
      assertThat(assertProblem("Fenced", () -> late.take(Set.of(0))).passing()).isTrue();
      next.write(new Feed(0, 1).put("b", "3").batch());
    }
    assertThat(names(rebuild.next())).isEqualTo(Map.of("a", "2", "b", "3"));
  }

  @Test
  void nothingStandsInTheWayOfAnOrdinarySwap() throws Exception {
    Rebuild same = provisioned(NAMED, NAMED);
    driver().checkSwap(store().site(), same.live(), same.next());
    Rebuild other = provisioned(NAMED, NOTED);
    driver().checkSwap(store().site(), other.live(), other.next());
  }

  @Test
  void whoeverLooksAllTheTimeSeesTheOldOrTheNew() throws Exception {
    watched(NAMED, NAMED);
  }

  @Test
  void soTheyDoWhenTheShapeChanges() throws Exception {
    watched(NAMED, NOTED);
  }

  /** One rebuild after the other, while the stream goes on and two look at it in each order. */
  private void watched(UnaryOperator<PlanBuilder> even, UnaryOperator<PlanBuilder> odd)
      throws Exception {
    PipelinePlan live = odd.apply(store().plan(fresh())).build();
    provision(live);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> watchers = new ArrayList<>();
      PipelinePlan watched = live;
      for (boolean cursorsFirst : new boolean[] {true, false}) {
        watchers.add(threads.submit(watching(watched, cursorsFirst, even == odd, done)));
      }
      long offset = 0;
      for (long definition = 2; definition <= 13; definition++) {
        for (int batch = 0; batch < 3; batch++) {
          write(live, offset, offset + 17);
          offset += 17;
        }
        UnaryOperator<PlanBuilder> shape = definition % 2 == 0 ? even : odd;
        PipelinePlan next = copy(live, shape, definition);
        PipelinePlan shadow = shadow(next, shape);
        provisionShadow(shadow);
        for (long from = 0; from < offset; from += 51) {
          write(shadow, from, from + 51);
        }
        swapPatiently(live, shadow, next);
        live = next;
      }
      done.set(true);
      for (Future<Integer> watcher : watchers) {
        assertThat(watcher.get()).isGreaterThan(10);
      }
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  private void swapPatiently(PipelinePlan live, PipelinePlan shadow, PipelinePlan next)
      throws StoreProblem {
    for (int tries = 1; ; tries++) {
      try {
        driver().swap(store().site(), live, shadow, next);
        return;
      } catch (StoreProblem problem) {
        if (!problem.passing() || tries == 20) {
          throw problem;
        }
      }
    }
  }

  /**
   * @param strict the rows are of the cursor's definition; otherwise they may be of the one after,
   *     at the same offset
   */
  private Callable<Integer> watching(
      PipelinePlan plan, boolean cursorsFirst, boolean strict, AtomicBoolean done) {
    return () -> {
      int looks = 0;
      long lastDefinition = 0;
      long lastOffset = 0;
      List<String> ids = IntStream.range(0, KEYS).mapToObj(i -> "k" + i).toList();
      try (StoreUnderTest.Watcher watcher = store().watcher(plan, ids)) {
        while (!done.get()) {
          StoreUnderTest.Moment seen = watcher.look(cursorsFirst);
          looks++;
          long offset = seen.at().get(0);
          Map<String, String> names = byId(seen.rows());
          long definition = seen.definition();
          if (!strict && !names.equals(expected(definition, offset))) {
            definition++;
          }
          assertThat(names)
              .as("cursor at %d of definition %d", offset, definition)
              .isEqualTo(expected(definition, offset));
          assertThat(definition).isGreaterThanOrEqualTo(lastDefinition);
          assertThat(offset).isGreaterThanOrEqualTo(lastOffset);
          lastDefinition = definition;
          lastOffset = offset;
        }
      }
      return looks;
    };
  }

  /** Half of the events look the same in every definition; in even ones some delete. */
  private void write(PipelinePlan plan, long from, long to) throws Exception {
    Feed feed = new Feed(0, from);
    for (long i = from; i < to; i++) {
      String name = name(plan.definition(), i);
      if (name.isEmpty()) {
        feed.delete("k" + i % KEYS);
      } else if (plan.columns().size() == 2) {
        feed.put("k" + i % KEYS, name);
      } else {
        feed.put("k" + i % KEYS, name, "note " + i);
      }
    }
    write(plan, feed);
  }

  private static String name(long definition, long event) {
    if (event % 7 == 3 && definition % 2 == 0) {
      return "";
    }
    return event % 2 == 0 ? "same " + event : "of " + definition + " " + event;
  }

  private static Map<String, String> expected(long definition, long offset) {
    Map<String, String> names = new HashMap<>();
    for (long event = 0; event < offset; event++) {
      String name = name(definition, event);
      if (name.isEmpty()) {
        names.remove("k" + event % KEYS);
      } else {
        names.put("k" + event % KEYS, name);
      }
    }
    return names;
  }

  private static List<String> withoutCursors(List<String> inventory) {
    return inventory.stream().filter(line -> !line.contains("cursor")).toList();
  }
}
