package dev.millrace.catalog.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.schema.FieldType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of a product's key field: what becomes the record key. */
final class RecordKey {
  /** As the workers read it back: 007 and 7 would be two record keys and one number. */
  private static final Pattern PLAIN_DIGITS = Pattern.compile("0|-?[1-9][0-9]{0,38}");

  private final String field;
  private final boolean integer;

  RecordKey(String field, FieldType type) {
    this.field = field;
    this.integer = type instanceof FieldType.Int;
  }

  byte[] of(JsonNode event) throws EventRefused {
    JsonNode value = event.get(field);
    String pointer = "/data/" + field.replace("~", "~0").replace("/", "~1");
    if (value == null || value.isNull()) {
      throw refused(
          pointer,
          "KeyMissing",
          "the key field '" + field + "' is absent or null",
          "Give it a value.");
    }
    if (integer ? !value.isIntegralNumber() : !value.isTextual()) {
      throw refused(
          pointer,
          "WrongType",
          "the key field '" + field + "' is not " + (integer ? "a whole number" : "a string"),
          integer ? "Write it in plain digits, without point or exponent." : "Put it in quotes.");
    }
    return bytes(pointer, value.asText());
  }

  /** The key of a deletion, which has no event. */
  byte[] ofSubject(@Nullable String subject) throws EventRefused {
    if (subject == null) {
      throw refused(
          "/subject",
          "KeyMissing",
          "a deletion carries the key as its subject",
          "Set subject to the value of '" + field + "' of what is deleted.");
    }
    return bytes("/subject", subject);
  }

  private byte[] bytes(String pointer, String text) throws EventRefused {
    if (integer && !PLAIN_DIGITS.matcher(text).matches()) {
      throw refused(
          pointer,
          "KeyUnreadable",
          "the key is not a whole number of at most 39 plain digits",
          "Write it without leading zeros, plus sign or blanks.");
    }
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return Arrays.copyOf(encoded.array(), encoded.limit());
    } catch (CharacterCodingException e) {
      throw refused(
          pointer,
          "KeyUnreadable",
          "the key holds half a surrogate pair, which UTF-8 cannot say",
          "Remove the broken character.");
    }
  }

  private static EventRefused refused(String pointer, String code, String message, String remedy) {
    return new EventRefused(null, new Finding(pointer, code, message, remedy));
  }
}
