package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Rebuilds;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreUnderTest;
import dev.millrace.stores.network.StatementProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A controller that is cut off at each of a swap's statements, and comes again. */
class PostgresSwapCrashTest extends Rebuilds {
  private static final PostgresUnderTest STORE = new PostgresUnderTest("swap_crashes");

  @Override
  protected StoreUnderTest store() {
    return STORE;
  }

  @Test
  void aMergeThatIsCutOffAnywhereHappensOnceOrNotAtAll() throws Exception {
    cutAnywhere(NAMED);
  }

  @Test
  void aReplacementThatIsCutOffAnywhereHappensOnceOrNotAtAll() throws Exception {
    cutAnywhere(NOTED);
  }

  private void cutAnywhere(UnaryOperator<PlanBuilder> shape) throws Exception {
    Rebuild plans = plans(NAMED, shape);
    TreeSet<String> outcomes = new TreeSet<>();
    int statements = 0;
    try (StatementProxy proxy = new StatementProxy(TestServer.PORT)) {
      List<String> before = loaded(plans, shape);
      swap(plans);
      List<String> after = state(plans);
      assertThat(after).isNotEqualTo(before);
      driver().withdraw(STORE.site(), plans.next(), false);

      for (int statement = 1; ; statement++) {
        assertThat(loaded(plans, shape)).isEqualTo(before);
        proxy.cutAt(statement);
        if (!cutAt(proxy, plans)) {
          break;
        }
        statements++;
        List<String> then = state(plans);
        outcomes.add(then.equals(before) ? "before" : then.equals(after) ? "after" : "neither");
        driver().swap(proxy.in(STORE.site()), plans.live(), plans.shadow(), plans.next());
        assertThat(state(plans)).as("cut at %d", statement).isEqualTo(after);
        driver().withdraw(STORE.site(), plans.next(), false);
      }
      assertThat(state(plans)).isEqualTo(after);
      driver().withdraw(STORE.site(), plans.next(), false);
    }
    assertThat(outcomes).containsExactly("after", "before");
    assertThat(statements).isGreaterThan(30);
  }

  /**
   * @return whether it was
   */
  private boolean cutAt(StatementProxy proxy, Rebuild plans) throws StoreProblem {
    try {
      driver().swap(proxy.in(STORE.site()), plans.live(), plans.shadow(), plans.next());
      assertThat(proxy.mend()).isFalse();
      return false;
    } catch (StoreProblem problem) {
      assertThat(proxy.mend()).as(problem.getMessage()).isTrue();
      assertThat(problem.code()).isEqualTo("StoreUnavailable");
      return true;
    }
  }

  private List<String> loaded(Rebuild plans, UnaryOperator<PlanBuilder> shape) throws Exception {
    provision(plans.live());
    provisionShadow(plans.shadow());
    boolean named = shape == NAMED;
    write(plans.live(), put("a", "1").put("b", "1").dead("NotJson", "old", "", ""));
    write(
        plans.shadow(),
        (named ? put("a", "2").put("c", "2") : put("a", "2", "n").put("c", "2", "n"))
            .dead("NotJson", "new", "", ""));
    return state(plans);
  }

  /** All there is; but for the time at which a dead letter was written. */
  private List<String> state(Rebuild plans) throws Exception {
    List<String> state = new ArrayList<>();
    for (String line : TestServer.inventory(STORE.site().database())) {
      state.add(line.replaceAll("\"20\\d\\d-[^\"]*\"", "then"));
    }
    rows(plans.live()).stream().map(Object::toString).sorted().forEach(state::add);
    return state;
  }
}
