package dev.millrace.catalog.document;

import dev.millrace.api.Metadata;
import dev.millrace.api.Resource;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Locale;

/** Objects as they go out, with the ETag that a change can name. */
public final class Answers {
  private Answers() {}

  public static Response ok(Resource<?, ?> object) {
    return tagged(Response.ok(object), object);
  }

  public static Response created(Resource<?, ?> object) {
    return tagged(Response.created(address(object)).entity(object), object);
  }

  /** 201 or 200. */
  public static Response put(Resource<?, ?> object, boolean created) {
    return created ? created(object) : ok(object);
  }

  /** Deletion was asked for and goes on. */
  public static Response accepted(Resource<?, ?> object) {
    return tagged(Response.accepted(object), object);
  }

  private static Response tagged(Response.ResponseBuilder answer, Resource<?, ?> object) {
    Metadata metadata = object.metadata();
    if (metadata != null && metadata.generation() != null) {
      answer.tag(new EntityTag(Long.toString(metadata.generation())));
    }
    return answer.build();
  }

  private static URI address(Resource<?, ?> object) {
    String kind = String.valueOf(object.kind()).replaceFirst("^Data", "").toLowerCase(Locale.ROOT);
    Metadata metadata = object.metadata();
    return URI.create(
        "/api/v1/tenants/" + metadata.namespace() + "/" + kind + "s/" + metadata.name());
  }
}
