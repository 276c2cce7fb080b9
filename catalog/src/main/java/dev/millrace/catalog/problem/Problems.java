package dev.millrace.catalog.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.problem.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Problems as they are sent. */
public final class Problems {
  public static final String MEDIA_TYPE = "application/problem+json";

  /** Where this server tells of a code; so a type can be followed from wherever it was answered. */
  private static final String TYPES = "/docs/conditions/";

  private Problems() {}

  static Problem of(
      int status,
      String code,
      @Nullable String detail,
      String remedy,
      List<Finding> findings,
      String instance) {
    return new Problem(
        TYPES + code,
        title(code),
        status,
        code,
        detail,
        instance,
        remedy,
        findings.isEmpty() ? null : findings);
  }

  /** Ends a request that never reaches a resource. */
  public static void end(RoutingContext context, Refusal refusal) {
    if (context.response().ended()) {
      return;
    }
    context
        .response()
        .setStatusCode(refusal.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
        .end(json(refusal.problem(instance(context))));
  }

  /** The path as it was asked for, short enough to be told back. */
  static String instance(RoutingContext context) {
    return Refusal.abbreviated(context.request().path() == null ? "/" : context.request().path());
  }

  static String json(Problem problem) {
    try {
      return Json.STRICT.writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code TopicTaken} becomes "Topic taken". */
  private static String title(String code) {
    String words = code.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
