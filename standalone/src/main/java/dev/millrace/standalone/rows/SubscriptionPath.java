package dev.millrace.standalone.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ObjectKey;
import dev.millrace.standalone.demo.Platform;
import java.util.ArrayList;
import java.util.List;

/** Where the REST API has a subscription that somebody names in the terminal. */
public final class SubscriptionPath {
  private SubscriptionPath() {}

  /**
   * @param name {@code tenant/name}, or a name that only one tenant uses
   * @throws IllegalArgumentException no tenant uses it, or several do
   */
  public static String of(Platform platform, String name) throws InterruptedException {
    ObjectKey key = name.contains("/") ? ObjectKey.parse(name) : find(platform, name);
    return "tenants/"
        + Platform.encoded(key.tenant())
        + "/subscriptions/"
        + Platform.encoded(key.name());
  }

  private static ObjectKey find(Platform platform, String name) throws InterruptedException {
    List<ObjectKey> found = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = platform.get("subscriptions?limit=500" + after);
      for (JsonNode item : page.path("items")) {
        JsonNode metadata = item.path("metadata");
        if (metadata.path("name").asText().equals(name)) {
          found.add(new ObjectKey(metadata.path("namespace").asText(), name));
        }
      }
      after =
          page.hasNonNull("next") ? "&cursor=" + Platform.encoded(page.get("next").asText()) : "";
    } while (!after.isEmpty());
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new IllegalArgumentException(
        found.isEmpty()
            ? "there is no subscription '" + name + "'"
            : "more than one tenant has '" + name + "': write one of " + found);
  }
}
