package dev.millrace.catalog.document;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.api.Json;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Any answer as YAML, for {@code Accept: application/yaml}. */
@Provider
@Produces(Documents.YAML)
public final class YamlWriter implements MessageBodyWriter<Object> {
  private static final ObjectMapper YAML = Yaml.mapper(new Misfits());

  @Override
  public boolean isWriteable(
      Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
    return type != String.class && type != byte[].class;
  }

  @Override
  public void writeTo(
      Object value,
      Class<?> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, Object> headers,
      OutputStream out)
      throws IOException {
    // By way of the one JSON form, so that both can never say different things.
    out.write(
        YAML.writeValueAsBytes(
            Json.STRICT.<com.fasterxml.jackson.databind.JsonNode>valueToTree(value)));
  }
}
