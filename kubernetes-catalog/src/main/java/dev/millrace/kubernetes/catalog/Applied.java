package dev.millrace.kubernetes.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.Json;
import dev.millrace.api.Metadata;
import dev.millrace.api.Resource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Custom resources as the one shape of every object. */
final class Applied {
  private Applied() {}

  /** It is not of the form that this version knows; the message says where. */
  static final class Undecodable extends Exception {
    private static final long serialVersionUID = 1L;

    Undecodable(String message) {
      super(message);
    }
  }

  /**
   * @throws Undecodable when spec or status is of another form
   */
  static <S, T> Resource<S, T> of(GenericKubernetesResource object, Class<S> spec, Class<T> status)
      throws Undecodable {
    ObjectMeta metadata = object.getMetadata();
    return new Resource<>(
        object.getApiVersion(),
        object.getKind(),
        new Metadata(
            metadata.getName(),
            metadata.getNamespace(),
            metadata.getUid(),
            metadata.getGeneration(),
            null,
            instant(metadata.getCreationTimestamp()),
            instant(metadata.getDeletionTimestamp())),
        spec(object, spec),
        part(object, "status", status));
  }

  /**
   * What is not given is empty, as the operator takes it.
   *
   * @throws Undecodable when it is of another form
   */
  static <S> S spec(GenericKubernetesResource object, Class<S> type) throws Undecodable {
    S spec = part(object, "spec", type);
    return spec == null ? decoded(JsonNodeFactory.instance.objectNode(), type, "spec") : spec;
  }

  private static <T> @Nullable T part(GenericKubernetesResource object, String name, Class<T> type)
      throws Undecodable {
    Object given = object.getAdditionalProperties().get(name);
    return given == null ? null : decoded(Json.LENIENT.valueToTree(given), type, name);
  }

  private static <T> T decoded(JsonNode node, Class<T> type, String name) throws Undecodable {
    try {
      return Json.LENIENT.treeToValue(node, type);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new Undecodable(
          name
              + " cannot be read: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static @Nullable Instant instant(@Nullable String time) {
    return time == null ? null : Instant.parse(time);
  }
}
