package dev.millrace.needs.filter;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.FieldType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The schema as CEL sees it: each object a struct type, so that a misspelt field or a wrong type is
 * an error of compilation. (A map type would find neither.)
 */
final class EventTypes implements CelTypeProvider {
  private final Map<String, StructType> structs = new LinkedHashMap<>();
  private final CelType event;

  EventTypes(EventSchema schema) {
    // Not "event": CEL would take event.customer for the name of the type and not for the field.
    this.event = type(schema.root(), "Event");
  }

  CelType event() {
    return event;
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableList.copyOf(structs.values());
  }

  @Override
  public Optional<CelType> findType(String name) {
    return Optional.ofNullable(structs.get(name));
  }

  private CelType type(FieldType type, String name) {
    return switch (type) {
      case FieldType.Text text ->
          text.format() == FieldType.Format.DATE_TIME ? SimpleType.TIMESTAMP : SimpleType.STRING;
      case FieldType.Int i -> SimpleType.INT;
      case FieldType.Number n -> SimpleType.DOUBLE;
      case FieldType.Bool b -> SimpleType.BOOL;
      case FieldType.Array array -> ListType.create(type(array.items(), name + ".item"));
      case FieldType.Any any -> SimpleType.DYN;
      case FieldType.Obj obj -> struct(obj, name);
    };
  }

  private StructType struct(FieldType.Obj obj, String name) {
    Map<String, CelType> fields = new LinkedHashMap<>();
    obj.fields().forEach((field, of) -> fields.put(field, type(of.type(), name + "." + field)));
    StructType struct =
        StructType.create(
            name,
            ImmutableSet.copyOf(fields.keySet()),
            field -> Optional.ofNullable(fields.get(field)));
    structs.put(name, struct);
    return struct;
  }
}
