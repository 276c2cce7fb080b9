package dev.millrace.standalone.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.store.Binding;

/** The readers' logins, through the same door as everyone's. */
final class Access {
  private final Platform platform;

  Access(Platform platform) {
    this.platform = platform;
  }

  /**
   * With the password. One that was shown in an earlier run cannot be shown again: it is renewed.
   */
  Binding to(Subscription subscription) throws InterruptedException {
    String credentials = subscription.path() + "/credentials";
    JsonNode answer;
    try {
      answer = platform.post(credentials + "/reveal");
    } catch (Platform.Refused refused) {
      if (!refused.code().equals("AlreadyRevealed")) {
        throw refused;
      }
      answer = platform.post(credentials + "/rotate");
    }
    try {
      return Json.LENIENT.treeToValue(answer, Binding.class);
    } catch (JsonProcessingException e) {
      throw new DemoFailed(credentials + " cannot be read", e);
    }
  }

  /** What to type into a shell to look at the rows. */
  String line(Subscription subscription) throws InterruptedException {
    Binding binding = to(subscription);
    return switch (subscription.engine()) {
      case POSTGRES ->
          "psql '%s' -c 'SELECT * FROM %s LIMIT 10'".formatted(binding.uri(), binding.relation());
      case REDIS ->
          "redis-cli --no-auth-warning -u '%s' HGETALL %s"
              .formatted(binding.uri(), someKey(subscription));
    };
  }

  private String someKey(Subscription subscription) throws InterruptedException {
    return platform.get(subscription.path() + "/rows?limit=1").at("/items/0/_key").asText();
  }
}
