package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.event;
import static dev.millrace.catalog.event.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.api.problem.Finding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StructuredEventTest {

  @Test
  void theDataAreTheBytesThatWereSent() throws Exception {
    String data = "{ \"orderId\":\"ä€😀\",\n \"total\": 12.500000000000000000001, \"big\":1e400 }";

    Incoming read = read(event("1", data));

    assertThat(data(read)).isEqualTo(data);
  }

  @Test
  void theDataAreFoundInTheMiddleOfABuffer() throws Exception {
    byte[] source = utf8("xxxx" + event("1", "{\"a\":{\"b\":[1,2]}}") + "yyyy");

    Incoming read = StructuredEvent.read(source, 4, source.length - 4);

    assertThat(data(read)).isEqualTo("{\"a\":{\"b\":[1,2]}}");
  }

  @Test
  void base64DataAreDecoded() throws Exception {
    Incoming read =
        read(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data_base64\":\"eyJhIjoxfQ==\"}");

    assertThat(data(read)).isEqualTo("{\"a\":1}");
    assertThat(read.parsed().orElseThrow().path("a").asInt()).isEqualTo(1);
  }

  @Test
  void attributesAndExtensionsAreKept() throws Exception {
    Incoming read =
        read(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"k\","
                + "\"time\":\"2026-01-31T23:59:59Z\",\"datacontenttype\":null,\"count\":3,\"flag\":true}");

    assertThat(read.event().getSubject()).isEqualTo("k");
    assertThat(read.event().getExtension("count")).isEqualTo(3);
    assertThat(read.event().getExtension("flag")).isEqualTo(true);
    assertThat(read.parsed()).isEmpty();
  }

  static Stream<Arguments> malformed() {
    String head = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"";
    return Stream.of(
        Arguments.of("", "", "NotCloudEvent"),
        Arguments.of("   ", "", "NotCloudEvent"),
        Arguments.of("[]", "", "NotCloudEvent"),
        Arguments.of("17", "", "NotCloudEvent"),
        Arguments.of("null", "", "NotCloudEvent"),
        Arguments.of("{", "", "MalformedJson"),
        Arguments.of(head, "", "MalformedJson"),
        Arguments.of(head + "} {}", "", "MalformedJson"),
        Arguments.of(head + "} x", "", "MalformedJson"),
        Arguments.of(head + ",\"data\":{\"a\":01}}", "", "MalformedJson"),
        Arguments.of(head + ",\"data\":{\"a\":NaN}}", "", "MalformedJson"),
        Arguments.of(head + ",\"data\":{\"a\":1,\"a\":2}}", "", "DuplicateField"),
        Arguments.of(head + ",\"data\":{},\"data\":{}}", "/data", "DuplicateField"),
        Arguments.of(head + ",\"data\":{},\"data_base64\":\"\"}", "/data_base64", "DuplicateField"),
        Arguments.of(head + ",\"id\":\"2\"}", "/id", "DuplicateField"),
        Arguments.of(head + ",\"data_base64\":\"%\"}", "/data_base64", "AttributeInvalid"),
        Arguments.of(head + ",\"data_base64\":[1]}", "/data_base64", "MalformedJson"),
        Arguments.of(head + ",\"data_base64\":\"YQ==\"}", "/data_base64", "MalformedJson"),
        Arguments.of(
            head + ",\"data\":" + "[".repeat(200) + "]".repeat(200) + "}", "", "TooComplex"),
        Arguments.of(head + ",\"time\":\"yesterday\"}", "/time", "AttributeInvalid"),
        Arguments.of(head + ",\"time\":17}", "/time", "AttributeInvalid"),
        Arguments.of(head + ",\"dataschema\":\"a b\"}", "/dataschema", "AttributeInvalid"),
        Arguments.of(head + ",\"Trace-Id\":\"a\"}", "/Trace-Id", "AttributeInvalid"),
        Arguments.of(head + ",\"\":\"a\"}", "/", "AttributeInvalid"),
        Arguments.of(head + ",\"ext\":{\"a\":1}}", "/ext", "AttributeInvalid"),
        Arguments.of(head + ",\"ext\":1.5}", "/ext", "AttributeInvalid"),
        Arguments.of(head + ",\"ext\":99999999999}", "/ext", "AttributeInvalid"),
        Arguments.of(head + ",\"ext\":-99999999999}", "/ext", "AttributeInvalid"),
        Arguments.of(
            "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}",
            "/specversion",
            "SpecVersionUnsupported"),
        Arguments.of(
            "{\"specversion\":1.0,\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}",
            "/specversion",
            "AttributeInvalid"),
        Arguments.of(
            "{\"specversion\":\"1.0\",\"id\":1,\"source\":\"/s\",\"type\":\"t\"}",
            "/id",
            "AttributeInvalid"),
        Arguments.of(
            "{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"/s\",\"type\":\"t\"}",
            "/id",
            "AttributeInvalid"),
        Arguments.of(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"a b\",\"type\":\"t\"}",
            "/source",
            "AttributeInvalid"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsNoCloudEventIsRefusedWithPlaceAndCode(String text, String pointer, String code) {
    List<Finding> findings = findings(utf8(text));

    assertThat(findings)
        .extracting(Finding::pointer, Finding::code)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(pointer, code));
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    byte[] utf16 = event("1", "{}").getBytes(StandardCharsets.UTF_16LE);
    byte[] latin1 = event("ä", "{}").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(findings(utf16)).extracting(Finding::code).containsExactly("MalformedJson");
    assertThat(findings(latin1)).extracting(Finding::code).containsExactly("MalformedJson");
  }

  @Test
  void allThatIsMissingIsToldAtOnce() {
    assertThat(findings(utf8("{}")))
        .extracting(Finding::pointer)
        .containsExactly("/specversion", "/id", "/source", "/type");
  }

  @Test
  void aRefusalNamesTheEventWhereItCan() {
    assertThatThrownBy(
            () -> read("{\"specversion\":\"1.0\",\"id\":\"A-7\",\"source\":\"/s\",\"type\":\"\"}"))
        .isInstanceOfSatisfying(EventRefused.class, e -> assertThat(e.id()).hasValue("A-7"));
  }

  @Test
  void noMessageShowsWhatWasSent() {
    List<Finding> findings =
        findings(
            utf8(
                "{\"specversion\":\"s3cret\",\"id\":\"1\",\"source\":\"s3 cret s3cret\",\"type\":\"t\","
                    + "\"time\":\"s3cret\",\"dataschema\":\"s3cret s3cret\"}"));

    assertThat(findings).hasSize(4).noneMatch(f -> f.toString().contains("s3cret"));
  }

  private static Incoming read(String text) throws EventRefused {
    byte[] bytes = utf8(text);
    return StructuredEvent.read(bytes, 0, bytes.length);
  }

  private static List<Finding> findings(byte[] bytes) {
    EventRefused refused =
        catchThrowableOfType(
            EventRefused.class, () -> StructuredEvent.read(bytes, 0, bytes.length));
    return refused.findings();
  }

  private static String data(Incoming read) {
    return new String(
        Objects.requireNonNull(read.event().getData()).toBytes(), StandardCharsets.UTF_8);
  }
}
