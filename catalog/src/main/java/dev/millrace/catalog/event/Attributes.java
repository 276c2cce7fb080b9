package dev.millrace.catalog.event;

import dev.millrace.api.problem.Finding;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.rw.CloudEventRWException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one CloudEvent as they come in, checked by the CloudEvents SDK one by one, so
 * that all that is wrong is told at once.
 */
final class Attributes {
  private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");

  private final CloudEventBuilder event = CloudEventBuilder.v1();
  private final Set<String> seen = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable String id;

  void text(String name, String value) {
    if (!isNew(name)) {
      return;
    }
    if (name.equals("specversion")) {
      specVersion(value);
    } else if (value.isEmpty() && REQUIRED.contains(name)) {
      refuse(name, "AttributeInvalid", "the attribute '" + name + "' is empty", "Give it a value.");
    } else {
      set(name, () -> event.withContextAttribute(name, value));
    }
    if (name.equals("id")) {
      id = value;
    }
  }

  void flag(String name, boolean value) {
    if (isNew(name)) {
      set(name, () -> event.withContextAttribute(name, value));
    }
  }

  void number(String name, int value) {
    if (isNew(name)) {
      set(name, () -> event.withContextAttribute(name, value));
    }
  }

  void refuse(String name, String code, String message, String remedy) {
    seen.add(name);
    findings.add(
        new Finding("/" + name.replace("~", "~0").replace("/", "~1"), code, message, remedy));
  }

  @Nullable String id() {
    return id;
  }

  CloudEvent withData(byte @Nullable [] data) throws EventRefused {
    for (String name : REQUIRED) {
      if (!seen.contains(name)) {
        refuse(
            name,
            "Missing",
            "a CloudEvent needs the attribute '" + name + "'",
            name.equals("specversion") ? "Set it to \"1.0\"." : "Give it a value.");
      }
    }
    if (!findings.isEmpty()) {
      throw new EventRefused(id, findings);
    }
    return data == null ? event.build() : event.withData(data).build();
  }

  private boolean isNew(String name) {
    if (seen.add(name)) {
      return true;
    }
    refuse(
        name,
        "DuplicateField",
        "'" + name + "' stands twice in the event",
        "Leave one of them out.");
    return false;
  }

  private void specVersion(String value) {
    if (!value.equals("1.0")) {
      refuse(
          "specversion",
          "SpecVersionUnsupported",
          "only CloudEvents 1.0 are taken",
          "Set specversion to \"1.0\".");
    }
  }

  private void set(String name, Runnable setting) {
    try {
      if (name.isEmpty()) {
        throw CloudEventRWException.newInvalidExtensionName(name);
      }
      setting.run();
    } catch (CloudEventRWException e) {
      switch (e.getKind()) {
        case INVALID_EXTENSION_NAME ->
            refuse(
                name,
                "AttributeInvalid",
                "an attribute's name is made of small letters and digits only",
                "Rename it; what belongs to the event itself goes into data.");
        case INVALID_ATTRIBUTE_TYPE ->
            refuse(name, "AttributeInvalid", "'" + name + "' is a string", "Put it in quotes.");
        default ->
            refuse(
                name,
                "AttributeInvalid",
                name.equals("time")
                    ? "'time' is no time as in RFC 3339"
                    : "'" + name + "' is no URI",
                name.equals("time")
                    ? "Write it as 2026-01-31T23:59:59Z."
                    : "Write it as /checkout/eu or https://example.com/checkout.");
      }
    }
  }
}
