package dev.millrace.catalog.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.problem.Finding;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent in JSON. The SDK's own reader makes a tree of the data and doubles of its numbers;
 * here the data's bytes are cut out of what was sent, so that the log holds every digit.
 */
final class StructuredEvent {
  private final byte[] source;
  private final int origin;
  private final Attributes attributes = new Attributes();
  private byte @Nullable [] data;
  private @Nullable JsonNode parsed;

  private StructuredEvent(byte[] source, int origin) {
    this.source = source;
    this.origin = origin;
  }

  /**
   * The one event between the two places.
   *
   * @throws EventRefused also when it is no JSON
   */
  static Incoming read(byte[] source, int from, int to) throws EventRefused {
    StructuredEvent event = new StructuredEvent(source, from);
    try (JsonParser parser = EventJson.parser(source, from, to)) {
      parser.nextToken();
      Incoming incoming = event.read(parser);
      if (parser.nextToken() != null) {
        throw new EventRefused(
            event.attributes.id(),
            new Finding(
                "",
                "MalformedJson",
                "something follows the event",
                "Send one event, or several as a JSON array or one a line."));
      }
      return incoming;
    } catch (IOException e) {
      throw new EventRefused(event.attributes.id(), EventJson.finding("", e));
    }
  }

  /**
   * The event whose first token the parser stands on; leaves it on the last.
   *
   * @param origin where in the source the parser began
   */
  static Incoming read(JsonParser parser, byte[] source, int origin)
      throws EventRefused, IOException {
    return new StructuredEvent(source, origin).read(parser);
  }

  private Incoming read(JsonParser parser) throws EventRefused, IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      throw new EventRefused(
          null,
          new Finding(
              "",
              "NotCloudEvent",
              "a CloudEvent is a JSON object",
              "Send {\"specversion\": \"1.0\", \"id\": …, \"source\": …, \"type\": …, \"data\": …}."));
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      member(name, parser);
    }
    return new Incoming(attributes.withData(data), parsed);
  }

  private void member(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "data" -> data(parser);
      case "data_base64" -> base64(parser);
      default -> attribute(name, parser);
    }
  }

  private void data(JsonParser parser) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    JsonNode value = EventJson.read(parser);
    if (!isFirstData("data")) {
      return;
    }
    parsed = value;
    // Only a container's end is known exactly, and an event is nothing else.
    data =
        value.isContainerNode()
            ? Arrays.copyOfRange(
                source, origin + start, origin + (int) parser.currentLocation().getByteOffset())
            : new byte[0];
  }

  private void base64(JsonParser parser) throws IOException {
    String text = parser.getValueAsString("");
    parser.skipChildren();
    if (!isFirstData("data_base64")) {
      return;
    }
    try {
      data = Base64.getDecoder().decode(text);
      parsed = EventJson.read(data);
    } catch (IllegalArgumentException e) {
      attributes.refuse(
          "data_base64",
          "AttributeInvalid",
          "data_base64 is not Base64",
          "Send the event as data.");
    } catch (IOException e) {
      Finding finding = EventJson.finding("/data_base64", e);
      attributes.refuse(
          "data_base64", finding.code(), finding.message(), String.valueOf(finding.remedy()));
    }
  }

  private boolean isFirstData(String name) {
    if (data == null) {
      return true;
    }
    attributes.refuse(
        name,
        "DuplicateField",
        "the event has data twice",
        "Send either data or data_base64, once.");
    return false;
  }

  private void attribute(String name, JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING -> attributes.text(name, parser.getText());
      case VALUE_TRUE -> attributes.flag(name, true);
      case VALUE_FALSE -> attributes.flag(name, false);
      case VALUE_NUMBER_INT -> number(name, parser);
      case VALUE_NULL -> {
        // As if it were not there: so says the JSON format of CloudEvents.
      }
      default -> {
        parser.skipChildren();
        attributes.refuse(
            name,
            "AttributeInvalid",
            "an attribute is a string, a whole number or a boolean",
            "Put what belongs to the event itself into data.");
      }
    }
  }

  private void number(String name, JsonParser parser) throws IOException {
    long value =
        parser.getNumberType() == JsonParser.NumberType.INT
            ? parser.getLongValue()
            : Long.MAX_VALUE;
    if (value > Integer.MAX_VALUE) {
      attributes.refuse(
          name,
          "AttributeInvalid",
          "an attribute's number has at most 32 bits",
          "Put it in quotes.");
    } else {
      attributes.number(name, (int) value);
    }
  }
}
