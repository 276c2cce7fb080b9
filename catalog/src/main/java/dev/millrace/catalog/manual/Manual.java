package dev.millrace.catalog.manual;

import dev.millrace.catalog.problem.Problems;
import dev.millrace.catalog.problem.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * For whoever follows the type of a problem: HTML for a browser, Markdown for a terminal. These are
 * files, as those of the UI are, and open as they are; a resource would want a caller.
 */
@Singleton
final class Manual {
  /** Behind the gate, before the resources, which would say that there is no such path. */
  private static final int BEHIND_THE_GATE = -890;

  void serve(@Observes Router router) {
    router
        .routeWithRegex("/docs(/[^.]*)?")
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .order(BEHIND_THE_GATE)
        .blockingHandler(Manual::answer, false);
  }

  private static void answer(RoutingContext context) {
    String path = context.normalizedPath();
    Optional<String> page = Pages.find(path);
    if (page.isEmpty()) {
      Problems.end(
          context,
          new Refusal(
              404,
              "NotFound",
              "there is no page " + Refusal.abbreviated(path),
              "GET /docs/conditions lists the codes."));
      return;
    }
    boolean html = isBrowser(context);
    context
        .response()
        .putHeader(
            HttpHeaders.CONTENT_TYPE, (html ? "text/html" : "text/markdown") + ";charset=UTF-8")
        .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .end(html ? Html.of(path, page.get()) : page.get());
  }

  private static boolean isBrowser(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    return accept != null && accept.contains("text/html");
  }
}
