package dev.millrace.catalog.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.millrace.api.Metadata;
import dev.millrace.api.ask.Explanation;
import dev.millrace.api.problem.Problem;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.product.DataProductStatus;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.store.Binding;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The records of {@code api} that REST speaks, by the simple name under which schemas go. */
final class WireTypes {
  private static final List<Class<?>> ROOTS =
      List.of(
          Metadata.class,
          Problem.class,
          DataProductSpec.class,
          DataProductStatus.class,
          DataSubscriptionSpec.class,
          SubscriptionStatus.class,
          StoreSpec.class,
          StoreStatus.class,
          StoreClassSpec.class,
          Binding.class,
          Explanation.class);

  private final Map<String, Class<?>> byName = new TreeMap<>();

  WireTypes() {
    ROOTS.forEach(this::add);
  }

  Optional<Class<?>> find(String schema) {
    return Optional.ofNullable(byName.get(schema));
  }

  /** What the type's own author says of each field, by its name in JSON. */
  static Map<String, String> descriptions(Class<?> type) {
    Map<String, String> descriptions = new TreeMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      JsonPropertyDescription said =
          component.getAccessor().getAnnotation(JsonPropertyDescription.class);
      if (said != null) {
        descriptions.put(name(component), said.value());
      }
    }
    return descriptions;
  }

  /** The fields that are always there: those that cannot be null. */
  static List<String> required(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
        .map(WireTypes::name)
        .toList();
  }

  private static String name(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null || named.value().isEmpty() ? component.getName() : named.value();
  }

  private void add(Class<?> type) {
    if (!type.isRecord() || byName.putIfAbsent(type.getSimpleName(), type) != null) {
      return;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      classes(component.getGenericType()).forEach(this::add);
    }
  }

  private static Stream<Class<?>> classes(Type type) {
    return switch (type) {
      case Class<?> one -> Stream.of(one);
      case ParameterizedType many ->
          Arrays.stream(many.getActualTypeArguments()).flatMap(WireTypes::classes);
      default -> Stream.empty();
    };
  }
}
