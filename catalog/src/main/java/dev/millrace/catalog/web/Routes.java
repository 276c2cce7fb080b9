package dev.millrace.catalog.web;

import dev.millrace.catalog.problem.FrameworkRefusals;
import dev.millrace.catalog.problem.Problems;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/** What happens to requests that no resource takes. */
@Singleton
final class Routes {
  /** Behind the gate, before the resources, which would say that there is no such path. */
  private static final int BEHIND_THE_GATE = 900;

  private static final List<Integer> REFUSED_BEFORE_A_RESOURCE =
      List.of(400, 404, 405, 406, 413, 415);

  void serveTheUi(@Observes Filters filters) {
    filters.register(
        context -> {
          if (isPageOfTheUi(context)) {
            context.reroute("/index.html");
          } else {
            context.next();
          }
        },
        BEHIND_THE_GATE);
  }

  void refuseTheRest(@Observes Router router) {
    REFUSED_BEFORE_A_RESOURCE.forEach(status ->
        router.errorHandler(
            status, context -> Problems.end(context, FrameworkRefusals.of(status))));
  }

  /** The UI keeps its place in the path; a reload must find it there again. */
  private static boolean isPageOfTheUi(RoutingContext context) {
    String path = context.normalizedPath();
    String accept = context.request().getHeader("Accept");
    return context.request().method().equals(HttpMethod.GET)
        && accept != null
        && accept.contains("text/html")
        && path.length() > 1
        && !path.equals("/api")
        && !path.startsWith("/api/")
        && !path.startsWith("/q/")
        && !path.equals("/docs")
        && !path.startsWith("/docs/")
        && path.indexOf('.') < 0;
  }
}
