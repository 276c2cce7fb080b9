package dev.millrace.catalog.access;

import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.problem.Problems;
import dev.millrace.catalog.problem.ReadOnly;
import dev.millrace.catalog.problem.Refusal;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What every request passes before anything else sees it: Host, Origin, token. */
@Singleton
final class Gate {
  private static final int BEFORE_ALL_ROUTES = 1000;
  private static final Pattern OPEN_DOORS = Pattern.compile("/q/(health(/.*)?|metrics)");
  private static final List<HttpMethod> READING = List.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Callers callers;
  private final Hosts hosts;
  private final boolean readOnly;

  @Inject
  Gate(Callers callers, CatalogConfig config) {
    this.callers = callers;
    this.hosts = new Hosts(config.hosts().orElse(List.of()));
    this.readOnly = config.readOnly();
  }

  void stand(@Observes Filters filters) {
    filters.register(this::examine, BEFORE_ALL_ROUTES);
  }

  private void examine(RoutingContext context) {
    protect(context.response().headers());
    Optional<Refusal> refusal = refusal(context);
    if (refusal.isPresent()) {
      Problems.end(context, refusal.get());
    } else {
      context.next();
    }
  }

  private Optional<Refusal> refusal(RoutingContext context) {
    var request = context.request();
    if (!hosts.admit(request.authority(), request.localAddress().port())) {
      return Optional.of(
          new Refusal(
              403,
              "HostRefused",
              "this server is not called by that name",
              "Use localhost with the port it printed; other names are configured as"
                  + " millrace.catalog.hosts, on Kubernetes by the chart's catalog.hosts."));
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !Hosts.sameOrigin(origin, request.authority())) {
      return Optional.of(
          new Refusal(
              403,
              "OriginRefused",
              "a page of another origin may not call this server",
              "Use the UI that this server itself serves, or a client that is no browser."));
    }
    if (isPathOdd(context)) {
      return Optional.of(
          new Refusal(
              400,
              "PathRefused",
              "the path holds a dot segment, an encoded slash, a backslash, a semicolon, two slashes"
                  + " in a row, or an escape that is none",
              "Write the names as they are: lowercase letters, digits and hyphens need no escapes."));
    }
    return authenticate(context).or(() -> readOnly(context));
  }

  private Optional<Refusal> readOnly(RoutingContext context) {
    boolean asksOnly =
        Asking.isAll(
            context.request().method(),
            context.normalizedPath(),
            "true".equals(context.request().getParam("dryRun")));
    return readOnly && !asksOnly ? Optional.of(ReadOnly.refusal()) : Optional.empty();
  }

  private Optional<Refusal> authenticate(RoutingContext context) {
    Optional<Caller> caller = callers.find(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    caller.ifPresent(known -> context.put(Caller.ATTRIBUTE, known));
    if (caller.isPresent() || isOpen(context)) {
      return Optional.empty();
    }
    context.response().putHeader("WWW-Authenticate", "Bearer realm=\"millrace\"");
    return Optional.of(Callers.unauthenticated());
  }

  /** The UI's files, the manual, health and metrics; everything else wants a token. */
  private static boolean isOpen(RoutingContext context) {
    String path = context.normalizedPath();
    boolean interior = path.equals("/api") || path.startsWith("/api/") || path.startsWith("/q/");
    return READING.contains(context.request().method())
        && (!interior || OPEN_DOORS.matcher(path).matches());
  }

  /** What no honest client sends, and what different layers could read in different ways. */
  private static boolean isPathOdd(RoutingContext context) {
    String path = context.request().path();
    if (path == null || path.length() > 2000) {
      return true;
    }
    String lower = path.toLowerCase(java.util.Locale.ROOT);
    return lower.contains("%00")
        || lower.contains("%2f")
        || lower.contains("%5c")
        || lower.contains("\\")
        || lower.contains("//")
        || lower.matches(".*(^|/)(\\.|%2e){1,2}(/.*|;.*|$)")
        || lower.contains(";")
        || !lower.matches("([^%]|%[0-9a-f]{2})*+");
  }

  private static void protect(MultiMap headers) {
    headers
        .set(
            "Content-Security-Policy",
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
        .set("X-Content-Type-Options", "nosniff")
        .set("X-Frame-Options", "DENY")
        .set("Referrer-Policy", "no-referrer")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Cross-Origin-Resource-Policy", "same-origin");
  }
}
