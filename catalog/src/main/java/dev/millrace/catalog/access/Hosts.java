package dev.millrace.catalog.access;

import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which this server may be called. A page that made its own name point to this
 * machine still sends that name, and is refused.
 */
record Hosts(List<String> configured) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  Hosts {
    configured = configured.stream().map(Hosts::withoutBrackets).toList();
  }

  /**
   * @param authority of the request's Host header; absent when it had none
   * @param localPort on which the request came in
   */
  boolean admit(@Nullable HostAndPort authority, int localPort) {
    if (authority == null) {
      return false;
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    boolean rightPort = (authority.port() < 0 ? 80 : authority.port()) == localPort;
    String plain = withoutBrackets(host);
    return (LOOPBACK.contains(host) && rightPort)
        || configured.contains(plain)
        || configured.contains(plain + ":" + authority.port());
  }

  /** As an IPv6 address has them beside a port. */
  private static String withoutBrackets(String name) {
    return name.toLowerCase(Locale.ROOT).replace("[", "").replace("]", "");
  }

  /** An Origin is this server when its authority is the one the request names itself. */
  static boolean sameOrigin(String origin, HostAndPort authority) {
    return withoutScheme(origin)
        .map(named -> named.equals(authority.toString().toLowerCase(Locale.ROOT)))
        .orElse(false);
  }

  private static Optional<String> withoutScheme(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    for (String scheme : List.of("http://", "https://")) {
      if (lower.startsWith(scheme)) {
        return Optional.of(lower.substring(scheme.length()));
      }
    }
    return Optional.empty();
  }
}
