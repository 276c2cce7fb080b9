package dev.millrace.catalog.event;

import dev.millrace.catalog.problem.FrameworkRefusals;
import dev.millrace.catalog.problem.Problems;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Every body but a bulk ends somewhere. Quarkus has one limit for all paths, which
 * microprofile-config.properties therefore sets far away.
 */
@Singleton
final class BodyLimit {
  private static final long LARGEST = 16L * 1024 * 1024;
  private static final int BEHIND_THE_GATE = 950;
  private static final int BEHIND_QUARKUS_OWN_LIMIT = 0;

  void set(@Observes Filters filters) {
    filters.register(BodyLimit::refuseTooLarge, BEHIND_THE_GATE);
    filters.register(BodyLimit::limitUnknownLength, BEHIND_QUARKUS_OWN_LIMIT);
  }

  private static void refuseTooLarge(RoutingContext context) {
    if (!isBulk(context) && length(context) > LARGEST) {
      // What follows would be read as the next request.
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
      Problems.end(context, FrameworkRefusals.of(413));
    } else {
      context.next();
    }
  }

  private static void limitUnknownLength(RoutingContext context) {
    if (isBulk(context)) {
      context.remove(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY);
    } else {
      context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, LARGEST);
    }
    context.next();
  }

  private static boolean isBulk(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && MediaTypes.essence(type).equals("application/x-ndjson");
  }

  /** Netty has made sure that it is a number. */
  private static long length(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }
}
