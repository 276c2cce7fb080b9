package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import dev.millrace.api.problem.Finding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BinaryEventTest {

  @Test
  void headersAreAttributesAndTheBodyIsTheData() throws Exception {
    Incoming read = read(Map.of("Ce-Subject", "M%C3%BCnchen+S%C3%BCd"), "{ \"a\": 1.10 }");

    assertThat(read.event().getSubject()).isEqualTo("München+Süd");
    assertThat(Objects.requireNonNull(read.event().getData()).toBytes())
        .isEqualTo(utf8("{ \"a\": 1.10 }"));
  }

  @Test
  void aDeletionNeedsNoBody() throws Exception {
    Incoming read = read(Map.of("ce-subject", "1", "ce-millracedelete", "true"), "");

    assertThat(read.deletes()).isTrue();
    assertThat(read.parsed()).isEmpty();
  }

  @Test
  void whatIsWrongInHeadersAndBodyIsToldAtOnce() {
    List<Finding> findings =
        refused(Map.of("ce-time", "now", "ce-bad_name", "x", "ce-ext", "100%"), "{");

    assertThat(findings)
        .extracting(Finding::pointer, Finding::code)
        .containsExactlyInAnyOrder(
            tuple("/time", "AttributeInvalid"),
            tuple("/bad_name", "AttributeInvalid"),
            tuple("/ext", "AttributeInvalid"),
            tuple("/data", "MalformedJson"));
  }

  @Test
  void aHeaderSentTwiceIsRefused() {
    Map<String, List<String>> headers = headers(Map.of());
    headers.put("ce-id", List.of("1", "2"));

    assertThat(
            catchThrowableOfType(EventRefused.class, () -> BinaryEvent.read(headers, utf8("{}")))
                .findings())
        .extracting(Finding::pointer, Finding::code)
        .containsExactly(tuple("/id", "DuplicateField"));
  }

  private static Incoming read(Map<String, String> more, String body) throws EventRefused {
    return BinaryEvent.read(headers(more), utf8(body));
  }

  private static List<Finding> refused(Map<String, String> more, String body) {
    return catchThrowableOfType(EventRefused.class, () -> read(more, body)).findings();
  }

  private static Map<String, List<String>> headers(Map<String, String> more) {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("Content-Type", List.of("application/json"));
    headers.put("ce-specversion", List.of("1.0"));
    headers.put("ce-id", List.of("1"));
    headers.put("CE-Source", List.of("/s"));
    headers.put("ce-type", List.of("t"));
    more.forEach((name, value) -> headers.put(name, List.of(value)));
    return headers;
  }
}
