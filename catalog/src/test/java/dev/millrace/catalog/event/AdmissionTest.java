package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.event;
import static dev.millrace.catalog.event.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import dev.millrace.api.problem.Finding;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
  private final Admission orders = admission(Orders.SCHEMA, "orderId", false);

  @Test
  void theRecordIsTheEventWithItsKeyAndItsAttributesAsHeaders() throws Exception {
    String data = "{\"orderId\":\"o-1\",\"total\":1.10}";

    ProducerRecord<byte[], byte[]> record = orders.admit(read(event("e1", data)));

    assertThat(record.topic()).isEqualTo("shop.orders");
    assertThat(record.key()).isEqualTo(utf8("o-1"));
    assertThat(record.value()).isEqualTo(utf8(data));
    assertThat(headers(record))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "ce_specversion", "1.0",
                "ce_id", "e1",
                "ce_source", "/shop",
                "ce_type", "order.placed",
                "content-type", "application/json"));
  }

  @Test
  void aKeyMayHaveADotInItsName() throws Exception {
    Admission dotted =
        admission(
            """
            {"type": "object", "required": ["order.id"],
             "properties": {"order.id": {"type": "string"}}}
            """,
            "order.id",
            false);

    assertThat(dotted.admit(read(event("e1", "{\"order.id\":\"o-1\"}"))).key())
        .isEqualTo(utf8("o-1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'orderId':'1'}                                        | /data/total         | Missing",
        "{'orderId':'1','total':'3'}                            | /data/total         | WrongType",
        "{'orderId':'1','total':-1}                             | /data/total         | OutOfRange",
        "{'orderId':'1','total':3,'country':'XX'}               | /data/country       | UnknownValue",
        "{'orderId':'1','total':3,'placedAt':'now'}             | /data/placedAt      | WrongFormat",
        "{'orderId':'1','total':3,'code':'abc'}                 | /data/code          | WrongFormat",
        "{'orderId':'1','total':3,'lines':[{'sku':'a','x':1}]}  | /data/lines/0/x     | UnknownField",
        "{'orderId':'1','total':3,'lines':[{'sku':'a','count':1.5}]} | /data/lines/0/count | WrongType",
        "[1]                                                    | /data               | NotObject",
        "true | /data               | NotObject",
        "null                                                   | /data               | Missing",
        "{'orderId':null,'total':3}                             | /data/orderId       | WrongType",
        "{'orderId':'\\ud800','total':3}                        | /data/orderId       | KeyUnreadable"
      })
  void dataThatBreakTheSchemaAreRefusedWithPlaceAndCode(String data, String pointer, String code) {
    EventRefused refused = refused(orders, event("e1", data.replace('\'', '"')));

    assertThat(refused.id()).hasValue("e1");
    assertThat(refused.findings())
        .extracting(Finding::pointer, Finding::code)
        .containsExactly(tuple(pointer, code));
    assertThat(refused.findings()).allMatch(f -> f.remedy() != null);
  }

  @Test
  void noFindingShowsAValue() {
    EventRefused refused =
        refused(
            orders,
            event(
                "e1",
                "{\"orderId\":\"1\",\"total\":\"s3cret\",\"country\":\"s3cret\",\"placedAt\":\"s3cret\","
                    + "\"code\":\"s3cret\"}"));

    assertThat(refused.findings()).hasSize(4).noneMatch(f -> f.toString().contains("s3cret"));
  }

  @Test
  void findingsOfOneEventAreLimited() {
    String lines = "{},".repeat(1000) + "{}";

    EventRefused refused =
        refused(orders, event("e1", "{\"orderId\":\"1\",\"total\":1,\"lines\":[" + lines + "]}"));

    assertThat(refused.findings()).hasSize(20);
  }

  @Test
  void aDeletionHasTheSubjectAsKeyAndNoValue() throws Exception {
    ProducerRecord<byte[], byte[]> byType =
        orders.admit(read(deletion("order.deleted", ",\"subject\":\"o-1\"")));
    ProducerRecord<byte[], byte[]> byExtension =
        orders.admit(read(deletion("order.gone", ",\"subject\":\"o-2\",\"millracedelete\":true")));

    assertThat(byType.key()).isEqualTo(utf8("o-1"));
    assertThat(byType.value()).isNull();
    assertThat(headers(byType))
        .containsEntry("ce_subject", "o-1")
        .doesNotContainKey("content-type");
    assertThat(byExtension.key()).isEqualTo(utf8("o-2"));
    assertThat(byExtension.value()).isNull();
  }

  @Test
  void aDeletionWithoutSubjectIsRefused() {
    assertThat(refused(orders, deletion("order.deleted", "")).findings())
        .extracting(Finding::pointer, Finding::code)
        .containsExactly(tuple("/subject", "KeyMissing"));
  }

  @Test
  void anInsertOnlyProductRefusesDeletions() {
    Admission insertOnly = admission(Orders.SCHEMA, "orderId", true);

    assertThat(refused(insertOnly, deletion("order.deleted", ",\"subject\":\"1\"")).findings())
        .extracting(Finding::code)
        .containsExactly("DeletionRefused");
  }

  @Test
  void dataInAnotherFormatAreRefused() {
    String xml =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\","
            + "\"datacontenttype\":\"application/xml\",\"data\":\"<a/>\"}";

    assertThat(refused(orders, xml).findings())
        .extracting(Finding::pointer, Finding::code)
        .containsExactly(tuple("/datacontenttype", "DataNotJson"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "-7", "0", "123456789012345678901234567890"})
  void aWholeNumberIsAKeyInPlainDigits(String number) throws Exception {
    Admission numbered = numbered();

    assertThat(numbered.admit(read(event("1", "{\"id\":" + number + "}"))).key())
        .isEqualTo(utf8(number));
    assertThat(numbered.admit(read(deletion("x.deleted", ",\"subject\":\"" + number + "\""))).key())
        .isEqualTo(utf8(number));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.0", "1e3"})
  void aNumberWithPointOrExponentIsNoKey(String number) {
    assertThat(refused(numbered(), event("1", "{\"id\":" + number + "}")).findings())
        .extracting(Finding::pointer)
        .containsExactly("/data/id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"007", "+7", " 7", "7.0", "", "seven"})
  void aSubjectThatIsNoPlainNumberIsNoKey(String subject) {
    assertThat(
            refused(numbered(), deletion("x.deleted", ",\"subject\":\"" + subject + "\""))
                .findings())
        .extracting(Finding::pointer, Finding::code)
        .containsExactly(tuple("/subject", "KeyUnreadable"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"pattern\":\"(\"}}}",
        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"pattern\":\"(?=a)b\"}}}",
        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"b\":{\"$ref\":\"http://127.0.0.1:9/x\"}}}",
        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"b\":{\"$ref\":\"file:///etc/passwd\"}}}",
        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"b\":{\"$ref\":\"#/$defs/none\"}}}",
        "{\"$schema\":\"http://127.0.0.1:9/schema\",\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}}}",
        "{\"allOf\":[{\"$ref\":\"#\"}],\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}}}"
      })
  void aSchemaThatCannotBeCheckedIsSaidToBeSo(String schema) {
    assertThatThrownBy(() ->
            Admission.to("t", Orders.product(schema, "id", false))
                .admit(read(event("1", "{\"id\":\"1\",\"b\":1}"))))
        .isInstanceOf(SchemaUnusable.class);
  }

  @Test
  void aPatternThatWouldRunForeverIsLinear() throws Exception {
    Admission evil =
        admission(
            "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}}}",
            "id",
            false);

    long start = System.nanoTime();
    EventRefused refused = refused(evil, event("1", "{\"id\":\"" + "a".repeat(10_000) + "!\"}"));

    assertThat(refused.findings()).extracting(Finding::code).containsExactly("WrongFormat");
    assertThat(System.nanoTime() - start).isLessThan(60_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e2147483647", "1e-2147483647", "1e99999999999999", "1E+1001"})
  void aNumberWhoseDigitsWouldFillTheMemoryIsRefused(String number) {
    Admission thirds =
        admission(
            "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"n\":{\"type\":\"number\",\"multipleOf\":3}}}",
            "id",
            false);

    assertThat(refused(thirds, event("1", "{\"id\":\"1\",\"n\":" + number + "}")).findings())
        .extracting(Finding::code)
        .containsExactly("TooComplex");
  }

  private static Admission numbered() {
    return admission(
        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"}},\"required\":[\"id\"]}",
        "id",
        false);
  }

  private static Admission admission(String schema, String key, boolean insertOnly) {
    try {
      return Admission.to("shop.orders", Orders.product(schema, key, insertOnly));
    } catch (SchemaUnusable e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String deletion(String type, String more) {
    return "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\""
        + type
        + "\""
        + more
        + "}";
  }

  private static Incoming read(String text) throws EventRefused {
    byte[] bytes = utf8(text);
    return StructuredEvent.read(bytes, 0, bytes.length);
  }

  private static EventRefused refused(Admission admission, String text) {
    return catchThrowableOfType(EventRefused.class, () -> admission.admit(read(text)));
  }

  private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    record
        .headers()
        .forEach(header ->
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    return headers;
  }
}
