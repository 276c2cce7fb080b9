package dev.millrace.kubernetes.catalog;

import dev.millrace.controller.CannotStart;
import dev.millrace.controller.KafkaSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the chart tells the container without which nobody could be served.
 *
 * @param token what callers send
 * @param kafka settings of Kafka clients; values may be empty, and anything
 */
record Told(String token, Map<String, String> kafka) {
  /** What a bearer token may hold by RFC 6750. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private static final String WHERE =
      "look at the Secret that the chart's value catalog.tokenSecret names, whose key is token";

  /**
   * @param environment of the process
   * @throws CannotStart when something is missing, or is of no use
   */
  static Told by(Map<String, String> environment) throws CannotStart {
    // A file from which a Secret was made often ends its line.
    String token = environment.getOrDefault("MILLRACE_TOKEN", "").strip();
    if (token.isEmpty()) {
      throw new CannotStart("there is no token for callers: " + WHERE);
    }
    if (!TOKEN.matcher(token).matches()) {
      throw new CannotStart(
          "the token for callers has a character that no bearer token has (letters, digits and"
              + " ._~+/- may be in it, = at its end): "
              + WHERE);
    }
    Map<String, String> kafka = new HashMap<>();
    KafkaSettings.of(
            Optional.ofNullable(environment.get("MILLRACE_KAFKA_BOOTSTRAP_SERVERS"))
                .filter(servers -> !servers.isBlank()),
            Optional.ofNullable(environment.get("MILLRACE_KAFKA_PROPERTIES")).map(Path::of))
        .forEach((name, value) -> kafka.put(name, value.toString()));
    return new Told(token, Map.copyOf(kafka));
  }

  /** Without the login. */
  @Override
  public String toString() {
    return "Told of " + kafka.keySet();
  }
}
