package dev.millrace.needs.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.needs.event.Event;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.event.Unscanned;
import dev.millrace.needs.schema.EventSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compiled expressions against the reference evaluator: the same values, and where there is none
 * the same words. {@code -Dmillrace.expressions=100000 -Dmillrace.seed=…} for more of them, or
 * again.
 */
class CompiledTest {
  private static final int EXPRESSIONS = Integer.getInteger("millrace.expressions", 2_000);
  private static final int EVENTS = 40;
  private static final EventSchema ORDERS = RandomOrders.schema();

  @Test
  void randomExpressionsHaveTheReferencesValues() throws Exception {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    System.out.println("CompiledTest: -Dmillrace.seed=" + seed);
    Random random = new Random(seed);
    RandomExpressions expressions = new RandomExpressions(random);
    Tally tally = new Tally();
    List<byte[]> events = List.of();
    for (int i = 0; i < EXPRESSIONS; i++) {
      if (i % 20 == 0) {
        events = events(random);
      }
      String source = expressions.expression();
      tally.add(source, compiled(source), events);
    }
    System.out.println("CompiledTest: " + tally);
    assertThat(tally.compiled).isGreaterThan(EXPRESSIONS * 7 / 10);
    assertThat(tally.values).isGreaterThan(tally.evaluations / 4);
    assertThat(tally.failures).isGreaterThan(tally.evaluations / 10);
    // In doubt although there is a value: only slow, but it should be rare.
    assertThat(tally.doubted).isLessThan(tally.values / 50);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.total >= 100",
        "event.total >= 100.0 && event.country in ['DE', 'FR']",
        "event.count % 123 == 0",
        "double(event.count) * 0.908",
        "event.name.matches('^o-')",
        "!has(event.customer.email) || event.customer.email.endsWith('.com')",
        "event.at > timestamp('2026-01-01T00:00:00Z')",
        "size(event.tags) > 1 && 'vip' in event.tags",
        "event.extra == 1",
        "event.paid ? event.name : 'none'",
      })
  void theUsualIsCompiled(String source) throws Exception {
    assertThat(Expression.compile(source, ORDERS).isCompiled()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.tags.exists(t, t == 'x')",
        "event.at.getFullYear() == 2026",
        "event.extra.x == 1",
        "dyn(event).nothing == 1",
        "event == event",
        "event.customer == null",
        "event.name.matches(event.country)",
        "event.name.matches('(')",
        "timestamp(event.name) == event.at",
      })
  void whatIsNotCompiledHasTheReferencesValuesToo(String source) throws Exception {
    Expression expression = Expression.compile(source, ORDERS);

    assertThat(expression.isCompiled()).isFalse();
    new Tally().add(source, expression, events(new Random(1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "event.total > 1.0 && event.tags.exists(t, t == 'x') | a loop over a list",
        "event.at.getFullYear() == 2026 | the function 'getFullYear'",
        "event.paid && event.extra.x == 1 | the field 'extra.x'",
        "event.customer == null | the field 'customer'",
        "event == event | the event as a whole",
        "event.name.matches(event.country) | a regular expression",
        "event.tags[0] == 'x' | an index",
        "event.at + duration('1s') == event.at | the function 'duration'",
      })
  void whatIsNotCompiledSaysWhichPartOfIt(String source, String part) throws Exception {
    assertThat(Expression.compile(source, ORDERS).whyNotCompiled())
        .hasValueSatisfying(why -> assertThat(why).contains(part).endsWith(" is not compiled"));
  }

  @Test
  void whatIsCompiledHasNoReasonNotToBe() throws Exception {
    assertThat(Expression.compile("event.total >= 100", ORDERS).whyNotCompiled()).isEmpty();
  }

  @Test
  void itKnowsTheFieldsItReadsInTheirOrder() throws Exception {
    String source =
        "has(event.customer.email) && event.tags.exists(t, t == event.name) && event.name != ''"
            + " && event.count > 1";

    assertThat(Expression.compile(source, ORDERS).fields())
        .containsExactly("customer.email", "tags", "name", "count");
  }

  /** Where Java and CEL part, or types do; chance finds these too seldom. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(event.count - event.count + (-9223372036854775808)) / -1 == 0",
        "-(-9223372036854775808) == 0",
        "(-9223372036854775808) % -1 == 0",
        "1 / event.stock == 1 || true",
        "event.stock % 0 == 1",
        "9223372036854775807 + event.stock > 0",
        "-9223372036854775808 - event.stock > 0",
        "9223372036854775807 * event.stock > 0",
        "(0.0/0.0) == (0.0/0.0)",
        "(0.0/0.0) != (0.0/0.0)",
        "(0.0/0.0) in [0.0/0.0]",
        "(0.0/0.0) < 1.0 || (0.0/0.0) >= 1.0",
        "(0.0/0.0) > 1",
        "1 <= (0.0/0.0)",
        "0.0 == -0.0",
        "0.0 in [-0.0]",
        "event.total == -event.total",
        "1.0 / event.total > 0.0",
        "event.total in [0.0, 100.0]",
        "9007199254740993 > 9007199254740992.0",
        "9223372036854775807 < 9223372036854775808.0",
        "event.count == 5",
        "int(event.total)",
        "int(9223372036854775807.0)",
        "int(-9223372036854775808.0)",
        "int(0.0/0.0)",
        "double(event.count)",
        "string(event.total)",
        "'😀' < '\uffee'",
        "size('é€😀')",
        "size(event.name)",
        "event.name.startsWith('')",
        "event.name in []",
        "event.count in []",
        "event.extra == 1.0",
        "event.extra == event.other",
        "1 == event.extra",
        "has(event.customer.address.city) && event.customer.address.city != ''",
        "(event.total > 1.0 || event.paid) && (event.paid || event.total > 1.0)",
        "event.paid ? event.count > 0 : event.total > 0.0",
        "event.at < event.until",
        "event.at == timestamp('2026-11-24T12:00:00+02:00')",
        "timestamp('0000-01-01T00:00:00Z') < event.at",
        "timestamp('+10000-01-01T00:00:00Z') < event.at",
      })
  void theEdgesAreTheReferences(String source) throws Exception {
    new Tally().add(source, Expression.compile(source, ORDERS), events(new Random(7)));
  }

  private static List<byte[]> events(Random random) {
    List<byte[]> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(RandomOrders.order(random).getBytes(StandardCharsets.UTF_8));
    }
    return events;
  }

  private static Expression compiled(String source) {
    try {
      return Expression.compile(source, ORDERS);
    } catch (ExpressionRejected e) {
      return fail(source + ": " + e.getMessage());
    }
  }

  private static final class Tally {
    int expressions;
    int compiled;
    long evaluations;
    long values;
    long failures;
    long doubted;

    void add(String source, Expression expression, List<byte[]> events) throws Exception {
      expressions++;
      compiled += expression.isCompiled() ? 1 : 0;
      for (byte[] bytes : events) {
        Event scanned = new RawEvent(bytes).read();
        Event unscanned = Unscanned.of(bytes).read();
        JsonNode tree = scanned.tree();
        Object expected = outcome(() -> expression.evaluate(tree));
        String shown = source + " of " + new String(bytes, StandardCharsets.UTF_8);
        assertThat(outcome(() -> expression.evaluate(scanned))).as(shown).isEqualTo(expected);
        assertThat(outcome(() -> expression.evaluate(unscanned))).as(shown).isEqualTo(expected);
        evaluations++;
        if (expected instanceof Failure) {
          failures++;
          assertThat(expression.byCode(scanned)).as(shown).isNull();
        } else {
          values++;
          doubted += expression.isCompiled() && expression.byCode(scanned) == null ? 1 : 0;
        }
      }
    }

    @Override
    public String toString() {
      return "%,d expressions, %,d of them compiled, %,d evaluations, %,d values, %,d failures, %,d doubted"
          .formatted(expressions, compiled, evaluations, values, failures, doubted);
    }
  }

  private record Failure(String code, String field, String message) {}

  private interface Evaluation {
    Object value() throws EvaluationFailed;
  }

  private static Object outcome(Evaluation evaluation) {
    try {
      return evaluation.value();
    } catch (EvaluationFailed e) {
      return new Failure(e.code(), e.field(), e.getMessage());
    }
  }
}
