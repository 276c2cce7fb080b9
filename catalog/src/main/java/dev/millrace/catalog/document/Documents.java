package dev.millrace.catalog.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JavaType;
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
import java.util.List;
import java.util.Optional;

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

  private static <T> T read(InputStream body, MediaType type, JavaType shape) {
    String text = text(body);
    boolean yaml = type.getSubtype().contains("yaml");
    List<Finding> misfits = new ArrayList<>();
    T value;
    try {
      if (yaml) {
        Yaml.refuseTricks(text);
      }
      value =
          (yaml ? YAML_MAPPER : JSON)
              .readerFor(shape)
              .withAttribute(Misfits.class, misfits)
              .readValue(text);
    } catch (JsonProcessingException e) {
      throw unreadable(e, misfits);
    }
    if (!misfits.isEmpty()) {
      throw misfits(misfits);
    }
    if (value == null) {
      throw malformed("the body is empty", Optional.empty());
    }
    return value;
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
    Optional<Finding> misfit = Misfits.of(e);
    if (misfit.isPresent()) {
      misfits.add(misfit.get());
      return misfits(misfits);
    }
    return malformed(firstLine(e.getOriginalMessage()), Optional.ofNullable(e.getLocation()));
  }

  private static Refusal misfits(List<Finding> misfits) {
    boolean unknown = misfits.stream().anyMatch(f -> f.code().equals("UnknownField"));
    return new Refusal(
        400,
        unknown ? "UnknownField" : "WrongType",
        unknown ? "the body has fields that are not known" : "the body has values of a wrong type",
        "Correct what 'errors' lists; nothing was done.",
        misfits);
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
