package dev.millrace.needs.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.FieldType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static final EventSchema ORDERS = schema();

  private static final String EVENT =
      """
      {"id":"o-1","total":129.5,"count":3,"paid":true,"at":"2026-11-24T10:00:00Z","note":null,
       "customer":{"email":"a@example.com","tags":["vip","eu"]},
       "lines":[{"sku":"a","price":10.5},{"sku":"b","price":119}],"extra":{"x":1}}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.total >= 100.0",
        "event.total > 100",
        "event.count * 2 == 6",
        "event.customer.email.endsWith('@example.com')",
        "event.id in ['o-1', 'o-2']",
        "'vip' in event.customer.tags",
        "event.lines.exists(line, line.price > 100.0)",
        "event.lines.all(line, event.lines.exists(other, other.sku == line.sku))",
        "event.at > timestamp('2026-11-24T09:00:00Z')",
        "event.at.getFullYear() == 2026",
        "!has(event.note)",
        "has(event.customer.email) && event.paid",
        "size(event.lines) == 2",
        "event.extra.x == 1",
        "event.id.matches('o-[0-9]+')",
        "event.lines.map(line, line.price).filter(p, p > 11.0).size() == 1",
      })
  void aFilterReadsTheEventByItsSchema(String filter) throws Exception {
    assertThat(Filter.compile(filter, ORDERS).matches(json(EVENT))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "event.totl > 100.0 | UnknownField | Did you mean event.total?",
        "event.email == 'x' | UnknownField | Did you mean event.customer.email?",
        "total > 100.0 | UnknownName | did you mean event.total?",
        "event.total > 'x' | TypeMismatch | Make both sides of one type",
        "event.id > 5 | TypeMismatch | Make both sides of one type",
        "event.total > | ExpressionSyntax | See docs",
        "event.total + 1.0 | NotBoolean | Compare it with something",
        "event.lines.all(a, event.lines.all(b, event.lines.all(c, true))) | FilterTooExpensive | Nest at most 2",
      })
  void aWrongFilterSaysWhatIsWrongAndWhatToDo(String filter, String code, String remedy) {
    ExpressionRejected rejected =
        catchThrowableOfType(ExpressionRejected.class, () -> Filter.compile(filter, ORDERS));

    assertThat(rejected.mistakes().get(0).code()).isEqualTo(code);
    assertThat(rejected.mistakes().get(0).remedy()).contains(remedy);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    ExpressionRejected rejected =
        catchThrowableOfType(
            ExpressionRejected.class, () -> Filter.compile("event.a == 1 && event.b == 2", ORDERS));

    assertThat(rejected.mistakes()).hasSize(2);
  }

  @Test
  void anAbsentFieldIsNoAnswerAndNamesTheField() throws Exception {
    Filter filter = Filter.compile("event.total >= 100.0", ORDERS);

    assertThatThrownBy(() -> filter.matches(json("{\"id\":\"o-2\"}")))
        .isInstanceOf(EvaluationFailed.class)
        .hasMessageContaining("total")
        .hasMessageContaining("has()");
  }

  @Test
  void aValueOfAnotherTypeIsNoAnswerAndShowsNoValue() throws Exception {
    Filter filter = Filter.compile("event.total >= 100.0", ORDERS);

    assertThatThrownBy(() -> filter.matches(json("{\"id\":\"o-2\",\"total\":\"secret\"}")))
        .isInstanceOf(EvaluationFailed.class)
        .hasMessage("'total' is not of the type number");
  }

  @Test
  void aLoopOverAHugeListEndsEarly() throws Exception {
    Filter filter =
        Filter.compile("event.lines.all(a, event.lines.all(b, b.price >= 0.0))", ORDERS);
    String line = "{\"sku\":\"a\",\"price\":1}";
    String event = "{\"id\":\"x\",\"lines\":[" + (line + ",").repeat(500) + line + "]}";

    EvaluationFailed failed =
        catchThrowableOfType(EvaluationFailed.class, () -> filter.matches(json(event)));

    assertThat(failed.code()).isEqualTo("FilterTooExpensive");
  }

  @Test
  void anExpressionKnowsItsType() throws Exception {
    assertThat(Expression.compile("size(event.lines)", ORDERS).result())
        .isEqualTo(new FieldType.Int());
    assertThat(Expression.compile("event.total * 0.908", ORDERS).result())
        .isEqualTo(new FieldType.Number());
    assertThat(Expression.compile("event.lines.map(l, l.sku)", ORDERS).evaluate(json(EVENT)))
        .isEqualTo(List.of("a", "b"));
  }

  private static JsonNode json(String text) throws Exception {
    return Json.STRICT.readTree(text);
  }

  private static EventSchema schema() {
    try {
      return EventSchema.of(
          json(
              """
              {"type":"object","required":["id"],"properties":{
                "id":{"type":"string"},"total":{"type":"number"},"count":{"type":"integer"},
                "paid":{"type":"boolean"},"at":{"type":"string","format":"date-time"},
                "note":{"type":["string","null"]},
                "customer":{"type":"object","properties":{"email":{"type":"string"},
                  "tags":{"type":"array","items":{"type":"string"}}}},
                "lines":{"type":"array","items":{"type":"object","properties":{
                  "sku":{"type":"string"},"price":{"type":"number"}}}},
                "extra":{}}}
              """));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
