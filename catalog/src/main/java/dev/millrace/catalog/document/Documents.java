package dev.millrace.catalog.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.api.Json;
import dev.millrace.api.Resource;
import dev.millrace.api.problem.Finding;
import dev.millrace.catalog.problem.FrameworkRefusals;
import dev.millrace.catalog.problem.Refusal;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects as people write them. What cannot be read at all is a 400 that says where; what
 * reads and is wrong is for the checks of each kind.
 */
public final class Documents {
  public static final String YAML = "application/yaml";

  /** Far more than any honest object, far less than what events may take. */
  private static final int LARGEST = 1024 * 1024;

  private static final JsonMapper JSON =
      Json.STRICT
          .rebuild()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .addHandler(new Misfits())
          .build();
  private static final ObjectMapper YAML_MAPPER = Yaml.mapper(new Misfits());

  private Documents() {}

  /**
   * @param name as the path says it; empty when the body names the object
   */
  public static <S> Incoming<S> object(
      InputStream body,
      MediaType type,
      Class<S> spec,
      String kind,
      String tenant,
      Optional<String> name) {
    JavaType resource =
        JSON.getTypeFactory().constructParametricType(Resource.class, spec, JsonNode.class);
    Resource<S, JsonNode> read = read(body, type, resource);
    return Incoming.of(read, kind, tenant, name);
  }

  /** A body that is no object of a kind, such as a question. */
  public static <T> T plain(InputStream body, MediaType type, Class<T> shape) {
    return read(body, type, JSON.constructType(shape));
  }

  private static <T> T read(InputStream body, @Nullable MediaType type, JavaType shape) {
    if (type == null) {
      throw FrameworkRefusals.of(415);
    }
    String text = text(body);
    boolean yaml = type.getSubtype().contains("yaml");
    List<Finding> misfits = new ArrayList<>();
    try {
      if (yaml) {
        Yaml.refuseTricks(text);
      }
      T value =
          (yaml ? YAML_MAPPER : JSON)
              .readerFor(shape)
              .withAttribute(Misfits.class, misfits)
              .readValue(text);
      if (!misfits.isEmpty()) {
        throw misfits(misfits);
      }
      if (value == null) {
        throw malformed("the body is empty", Optional.empty());
      }
      refuseHalfCharacters(value);
      return value;
    } catch (JsonProcessingException e) {
      throw unreadable(e, misfits);
    }
  }

  /** An escape such as {@code \\ud800} alone is no character: it could be stored but never sent. */
  private static void refuseHalfCharacters(Object value) throws JsonProcessingException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(JSON.writeValueAsString(value))) {
      throw malformed("a text holds half of a surrogate pair", Optional.empty());
    }
  }

  private static String text(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw FrameworkRefusals.of(413);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("the body is not UTF-8", Optional.empty());
    } catch (IOException e) {
      throw malformed("the body ended early", Optional.empty());
    }
  }

  private static Refusal unreadable(JsonProcessingException e, List<Finding> misfits) {
    if (e.getCause() instanceof JsonProcessingException syntax) {
      return unreadable(syntax, List.of());
    }
    if (!(e instanceof JsonMappingException mapping)) {
      return malformed(firstLine(e.getOriginalMessage()), Optional.ofNullable(e.getLocation()));
    }
    String message = String.valueOf(mapping.getOriginalMessage());
    if (message.startsWith("No content")) {
      return malformed("the body is empty", Optional.empty());
    }
    if (message.startsWith("Trailing token")) {
      return malformed("something follows the object", Optional.ofNullable(e.getLocation()));
    }
    return misfits(Stream.concat(misfits.stream(), Stream.of(Misfits.of(mapping))).toList());
  }

  private static Refusal misfits(List<Finding> misfits) {
    boolean unknown = misfits.stream().anyMatch(f -> f.code().equals("UnknownField"));
    return new Refusal(
        400,
        unknown ? "UnknownField" : "WrongType",
        unknown ? "the body has fields that are not known" : "the body has values of a wrong type",
        "Correct what 'errors' lists; nothing was done.",
        misfits.stream().sorted(Comparator.comparing(Finding::pointer)).toList());
  }

  static Refusal malformed(String what, Optional<JsonLocation> where) {
    String place =
        where
            .filter(at -> at.getLineNr() > 0)
            .map(at -> "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ")
            .orElse("");
    return new Refusal(
        400, "Malformed", place + what, "Send one object as well-formed JSON or YAML, in UTF-8.");
  }

  private static String firstLine(String message) {
    return Refusal.abbreviated(
        message == null ? "it cannot be read" : message.lines().findFirst().orElse(""));
  }
}
