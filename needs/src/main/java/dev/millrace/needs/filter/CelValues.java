package dev.millrace.needs.filter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import dev.millrace.needs.column.UtcTime;
import dev.millrace.needs.event.Event;
import dev.millrace.needs.event.FieldPath;
import dev.millrace.needs.schema.FieldType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parsed event as CEL reads it: integers as long, numbers as double, times as Instant, objects
 * and lists as views that convert only what is asked for. A field that is null counts as absent, so
 * that {@code has()} answers what people mean.
 */
final class CelValues {
  private CelValues() {}

  /** The event does not have the type that its schema says, where the expression looks. */
  static final class TypeDiffers extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TypeDiffers(String message) {
      super(message, null, false, false);
    }
  }

  static Object of(JsonNode node, FieldType type, String path) {
    return switch (type) {
      case FieldType.Text text -> text(node, text.format(), path);
      case FieldType.Int i -> {
        if (!node.canConvertToLong() || !node.canConvertToExactIntegral()) {
          throw differs(path, type);
        }
        yield node.longValue();
      }
      case FieldType.Number n -> {
        if (!node.isNumber()) {
          throw differs(path, type);
        }
        yield node.doubleValue();
      }
      case FieldType.Bool b -> {
        if (!node.isBoolean()) {
          throw differs(path, type);
        }
        yield node.booleanValue();
      }
      case FieldType.Obj obj -> {
        if (!node.isObject()) {
          throw differs(path, type);
        }
        yield new ObjectView(node, obj, path);
      }
      case FieldType.Array array -> {
        if (!node.isArray()) {
          throw differs(path, type);
        }
        yield new ListView(node, array.items(), path);
      }
      case FieldType.Any any -> anything(node);
    };
  }

  private static Object text(JsonNode node, FieldType.Format format, String path) {
    if (!node.isTextual()) {
      throw differs(path, new FieldType.Text(format));
    }
    if (format != FieldType.Format.DATE_TIME) {
      return node.textValue();
    }
    try {
      return instant(node.textValue());
    } catch (DateTimeParseException e) {
      throw differs(path, new FieldType.Text(format));
    }
  }

  private static Instant instant(String text) {
    Instant usual = UtcTime.parse(text);
    return usual == null ? OffsetDateTime.parse(text).toInstant() : usual;
  }

  private static TypeDiffers differs(String path, FieldType type) {
    return new TypeDiffers("'" + path + "' is not of the type " + type.spelled());
  }

  private static Object anything(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? (Object) node.longValue()
              : (Object) node.doubleValue();
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        node.fields().forEachRemaining(f -> map.put(f.getKey(), anything(f.getValue())));
        yield map;
      }
      case ARRAY -> new ListView(node, new FieldType.Any(), "");
      case NULL, MISSING, BINARY, POJO -> NullValue.NULL_VALUE;
    };
  }

  /**
   * An event of which only the fields are extracted that are asked for.
   *
   * @param paths of the schema's fields, by name
   */
  static Map<String, Object> of(Event event, FieldType.Obj type, Map<String, FieldPath> paths) {
    return new EventView(event, type, paths);
  }

  /** Where the fields of an event are. */
  static Map<String, FieldPath> paths(FieldType.Obj type) {
    Map<String, FieldPath> paths = new LinkedHashMap<>();
    type.fields().keySet().forEach(name -> paths.put(name, FieldPath.of(List.of(name))));
    return paths;
  }

  private static final class EventView extends AbstractMap<String, Object> {
    private final Event event;
    private final FieldType.Obj type;
    private final Map<String, FieldPath> paths;

    EventView(Event event, FieldType.Obj type, Map<String, FieldPath> paths) {
      this.event = event;
      this.type = type;
      this.paths = paths;
    }

    @Override
    public @Nullable Object get(Object key) {
      JsonNode value = event.at(path((String) key));
      if (value == null || value.isNull()) {
        return null;
      }
      FieldType.Field field = type.fields().get(key);
      return field == null ? anything(value) : CelValues.of(value, field.type(), (String) key);
    }

    @Override
    public boolean containsKey(Object key) {
      JsonNode value = event.at(path((String) key));
      return value != null && !value.isNull();
    }

    /** Past the schema only {@code dyn(event)} leads. */
    private FieldPath path(String name) {
      FieldPath path = paths.get(name);
      return path == null ? FieldPath.of(List.of(name)) : path;
    }

    /** When the event as a whole is asked for. */
    @Override
    public Set<Entry<String, Object>> entrySet() {
      return new ObjectView(event.tree(), type, "").entrySet();
    }
  }

  private static final class ObjectView extends AbstractMap<String, Object> {
    private final JsonNode node;
    private final FieldType.Obj type;
    private final String path;

    ObjectView(JsonNode node, FieldType.Obj type, String path) {
      this.node = node;
      this.type = type;
      this.path = path;
    }

    @Override
    public @Nullable Object get(Object key) {
      JsonNode value = node.get((String) key);
      if (value == null || value.isNull()) {
        return null;
      }
      FieldType.Field field = type.fields().get(key);
      return field == null
          ? anything(value)
          : of(value, field.type(), path.isEmpty() ? (String) key : path + "." + key);
    }

    @Override
    public boolean containsKey(Object key) {
      JsonNode value = node.get((String) key);
      return value != null && !value.isNull();
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      Set<Entry<String, Object>> entries = new LinkedHashSet<>();
      node.fieldNames()
          .forEachRemaining(name -> {
            Object value = get(name);
            if (value != null) {
              entries.add(Map.entry(name, value));
            }
          });
      return entries;
    }
  }

  private static final class ListView extends AbstractList<Object> {
    private final JsonNode node;
    private final FieldType items;
    private final String path;

    ListView(JsonNode node, FieldType items, String path) {
      this.node = node;
      this.items = items;
      this.path = path;
    }

    @Override
    public Object get(int index) {
      JsonNode value = node.get(index);
      return value.isNull() ? NullValue.NULL_VALUE : of(value, items, path + "[" + index + "]");
    }

    @Override
    public int size() {
      return node.size();
    }
  }
}
