package dev.millrace.catalog.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import dev.millrace.api.problem.Finding;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * How the doors read JSON: every digit kept, a name only once in an object, UTF-8 only (byte
 * offsets must be those of what was sent).
 */
final class EventJson {
  /** Far beyond any real event, and far from where a recursive schema would end the stack. */
  private static final int DEEPEST = 100;

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CHARSET_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .nodeFactory(new BoundedNumbers())
          .build()
          .readerFor(JsonNode.class);

  private static final ObjectReader INSIDE =
      READER.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private EventJson() {}

  /**
   * {@code 1e999999999} is short to write, and its digits fill the memory as soon as someone
   * calculates with it.
   */
  private static final class BoundedNumbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;
    private static final int MOST_PLACES = 1_000;

    @Override
    public ValueNode numberNode(BigDecimal value) {
      if (value.scale() > MOST_PLACES || value.scale() < -MOST_PLACES) {
        throw new NumberFormatException("exponent");
      }
      return super.numberNode(value);
    }
  }

  static JsonNode read(byte[] bytes) throws IOException {
    try {
      return READER.readValue(bytes);
    } catch (NumberFormatException e) {
      throw new StreamConstraintsException("number");
    }
  }

  static JsonParser parser(byte[] bytes, int from, int to) throws IOException {
    return READER.createParser(bytes, from, to - from);
  }

  /** The value whose first token the parser stands on; it then stands on the last. */
  static JsonNode read(JsonParser parser) throws IOException {
    try {
      return INSIDE.readTree(parser);
    } catch (NumberFormatException e) {
      // Jackson's own reading of an exponent ends so too.
      throw new StreamConstraintsException("number");
    }
  }

  /** What is wrong with text that is no proper JSON. Jackson's own message may show values. */
  static Finding finding(String pointer, IOException e) {
    if (e instanceof StreamConstraintsException) {
      return new Finding(
          pointer,
          "TooComplex",
          "nested deeper than " + DEEPEST + " levels, or with a number of over 1,000 places",
          "Flatten it, or send such a number as a string.");
    }
    if (String.valueOf(e.getMessage()).startsWith("Duplicate field")) {
      return new Finding(
          pointer,
          "DuplicateField",
          "a name stands twice in one object" + at(e),
          "Leave one of them out.");
    }
    return new Finding(
        pointer,
        "MalformedJson",
        "not JSON in UTF-8" + at(e),
        "Send it through a JSON checker; a string with quotes or line breaks needs escapes.");
  }

  private static String at(IOException e) {
    JsonLocation location = e instanceof JsonProcessingException json ? json.getLocation() : null;
    return location == null || location.getByteOffset() < 0
        ? ""
        : ", at byte " + location.getByteOffset();
  }
}
