package dev.millrace.operator.kind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object of ours. Nothing of it is decoded before somebody asks: so one that does not decode is
 * the trouble of that object alone, and not of the list that it came in.
 */
public abstract class Kind extends CustomResource<JsonNode, JsonNode> {
  private static final long serialVersionUID = 1L;

  /** {@code spec} or {@code status} is not what the wire type is; the message says where. */
  public static final class Undecodable extends Exception {
    private static final long serialVersionUID = 1L;

    Undecodable(String message) {
      super(message);
    }
  }

  @Override
  protected @Nullable JsonNode initSpec() {
    return null;
  }

  @Override
  protected @Nullable JsonNode initStatus() {
    return null;
  }

  /** Of a kind of the whole cluster the tenant is empty. */
  public ObjectKey key() {
    return new ObjectKey(
        Objects.requireNonNullElse(getMetadata().getNamespace(), ""), getMetadata().getName());
  }

  public long generation() {
    return Objects.requireNonNullElse(getMetadata().getGeneration(), 0L);
  }

  /**
   * @throws Undecodable when it is of another form
   */
  public <S> S spec(Class<S> type) throws Undecodable {
    JsonNode spec = getSpec() == null ? JsonNodeFactory.instance.objectNode() : getSpec();
    return decoded(spec, type, "spec");
  }

  /**
   * Empty when nothing was reported yet.
   *
   * @throws Undecodable when it is of another form
   */
  public <S> Optional<S> status(Class<S> type) throws Undecodable {
    return getStatus() == null
        ? Optional.empty()
        : Optional.of(decoded(getStatus(), type, "status"));
  }

  private static <S> S decoded(JsonNode node, Class<S> type, String what) throws Undecodable {
    try {
      return Json.LENIENT.treeToValue(node, type);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new Undecodable(what + " cannot be read: " + firstLine(String.valueOf(e.getMessage())));
    }
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
