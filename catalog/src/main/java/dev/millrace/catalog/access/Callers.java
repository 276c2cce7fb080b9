package dev.millrace.catalog.access;

import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.problem.Refusal;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells callers by their tokens. */
@Singleton
public final class Callers {
  private static final String SCHEME = "Bearer ";

  private final List<Known> known;
  private final CurrentVertxRequest request;

  private record Known(byte[] token, Caller caller) {}

  @Inject
  Callers(CatalogConfig config, CurrentVertxRequest request) {
    this.known =
        config.callers().stream()
            .map(c ->
                new Known(
                    c.token().getBytes(StandardCharsets.UTF_8), new Caller(c.name(), c.admin())))
            .toList();
    this.request = request;
  }

  /** Who sent the request that this thread serves. */
  public Caller current() {
    Caller caller = request.getCurrent().get(Caller.ATTRIBUTE);
    if (caller == null) {
      throw new IllegalStateException("a resource was reached without a caller");
    }
    return caller;
  }

  static Refusal unauthenticated() {
    return new Refusal(
        401,
        "Unauthenticated",
        "the request carries no token that this platform knows",
        "Send 'Authorization: Bearer TOKEN'; ./millrace up prints the token; on Kubernetes"
            + " it is in the Secret that the chart's notes name.");
  }

  /** Every token is compared, and in constant time, so that timing tells nothing about them. */
  Optional<Caller> find(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    byte[] given =
        authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    Optional<Caller> found = Optional.empty();
    for (Known one : known) {
      if (MessageDigest.isEqual(one.token(), given)) {
        found = Optional.of(one.caller());
      }
    }
    return found;
  }
}
