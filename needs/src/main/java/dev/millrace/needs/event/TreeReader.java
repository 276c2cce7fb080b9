package dev.millrace.needs.event;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * From a record's bytes to a parsed event; what is no proper JSON object is refused with a reason.
 * What an event is, is decided here alone: {@link Scanner} only takes what this would take.
 */
final class TreeReader {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build()
          .readerFor(JsonNode.class);

  private TreeReader() {}

  /** Numbers keep every digit: a float is a BigDecimal until a column says otherwise. */
  static JsonNode read(byte[] value) throws EventFailed {
    JsonNode node;
    try {
      node = READER.readValue(value);
    } catch (StreamConstraintsException e) {
      throw new EventFailed("TooLarge", "the event is nested too deep or holds too long a value");
    } catch (NumberFormatException e) {
      // So Jackson ends on an exponent beyond 32 bits.
      throw new EventFailed("TooLarge", "the event holds a number with too large an exponent");
    } catch (JsonParseException e) {
      throw new EventFailed("NotJson", "the event is not JSON at byte " + at(e));
    } catch (JsonProcessingException e) {
      throw String.valueOf(e.getMessage()).startsWith("Duplicate field")
          ? new EventFailed("DuplicateField", "a name stands twice in one object of the event")
          : new EventFailed("NotJson", "the event is not JSON at byte " + at(e));
    } catch (IOException e) {
      throw new EventFailed("NotJson", "the event is not UTF-8");
    }
    if (node == null || !node.isObject()) {
      throw new EventFailed("NotObject", "the event is JSON but not an object");
    }
    return node;
  }

  /** A value within an event that is known to be well formed. */
  static JsonNode value(byte[] event, int start, int length) {
    try {
      return READER.readValue(event, start, length);
    } catch (IOException e) {
      throw new IllegalStateException("a scanned event could not be read", e);
    }
  }

  private static long at(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
  }
}
