package dev.millrace.catalog.access;

import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** No resource is reached without a caller, however its path came to match. */
final class CallerRequired {

  @ServerRequestFilter
  void check(RoutingContext context) {
    if (context.get(Caller.ATTRIBUTE) == null) {
      throw Callers.unauthenticated();
    }
  }
}
