package dev.millrace.catalog.document;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.millrace.api.problem.Finding;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.needs.name.Names;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collects what does not fit while reading goes on, so that all of it is told at once. */
final class Misfits extends DeserializationProblemHandler {

  @Override
  public boolean handleUnknownProperty(
      DeserializationContext context,
      JsonParser parser,
      @Nullable JsonDeserializer<?> deserializer,
      Object beanOrClass,
      String name)
      throws IOException {
    Collection<Object> known =
        deserializer == null || deserializer.getKnownPropertyNames() == null
            ? List.of()
            : deserializer.getKnownPropertyNames();
    List<String> names = known.stream().map(Object::toString).sorted().toList();
    note(
        context,
        new Finding(
            pointer(parser),
            "UnknownField",
            "'" + Refusal.abbreviated(name) + "' is not a field here",
            name.length() > 100
                ? fields(names)
                : Names.closest(name, names)
                    .map(near -> "Did you mean '" + near + "'?")
                    .orElseGet(() -> fields(names))));
    parser.skipChildren();
    return true;
  }

  @Override
  public @Nullable Object handleUnexpectedToken(
      DeserializationContext context,
      JavaType target,
      JsonToken token,
      JsonParser parser,
      String failure)
      throws IOException {
    note(context, wrongType(pointer(parser), target.getRawClass()));
    parser.skipChildren();
    return null;
  }

  @Override
  public @Nullable Object handleWeirdStringValue(
      DeserializationContext context, Class<?> target, String value, String failure) {
    note(context, wrongType(pointer(context.getParser()), target));
    return null;
  }

  @Override
  public @Nullable Object handleWeirdNumberValue(
      DeserializationContext context, Class<?> target, Number value, String failure) {
    note(context, wrongType(pointer(context.getParser()), target));
    return null;
  }

  /** What Jackson still throws for, such as a number that is too large. */
  static Finding of(JsonMappingException mapping) {
    String pointer =
        mapping.getPath().stream()
            .map(step ->
                step.getFieldName() == null
                    ? "/" + step.getIndex()
                    : "/" + step.getFieldName().replace("~", "~0").replace("/", "~1"))
            .collect(Collectors.joining());
    Class<?> target =
        mapping instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
            ? mismatch.getTargetType()
            : Object.class;
    return wrongType(Refusal.abbreviated(pointer), target);
  }

  private static void note(DeserializationContext context, Finding finding) {
    @SuppressWarnings("unchecked")
    List<Finding> findings = (List<Finding>) context.getAttribute(Misfits.class);
    findings.add(finding);
  }

  private static Finding wrongType(String pointer, Class<?> target) {
    return new Finding(
        pointer,
        "WrongType",
        "the value is not of the type that this field has",
        "Give " + spelled(target) + ".");
  }

  private static String pointer(JsonParser parser) {
    JsonPointer pointer = parser.getParsingContext().pathAsPointer();
    return Refusal.abbreviated(pointer.toString());
  }

  private static String fields(List<String> names) {
    return names.isEmpty() ? "Remove it." : "Known here: " + String.join(", ", names) + ".";
  }

  private static String spelled(Class<?> type) {
    if (Number.class.isAssignableFrom(type) || type == long.class || type == int.class) {
      return "a number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    if (java.time.temporal.Temporal.class.isAssignableFrom(type)) {
      return "a time such as 2026-01-31T12:00:00Z";
    }
    return "an object with fields";
  }
}
