package dev.millrace.catalog.live;

import dev.millrace.api.ObjectKey;

/**
 * What one server-sent event says.
 *
 * @param name status, deleted, or empty for a comment that keeps the connection
 * @param data one line of JSON
 */
record LiveEvent(String name, String data) {
  static final LiveEvent HEARTBEAT = new LiveEvent("", "alive");

  static LiveEvent status(String json) {
    return new LiveEvent("status", json);
  }

  static LiveEvent deleted(ObjectKey key) {
    // Names are DNS labels, so nothing in them needs escaping.
    return new LiveEvent(
        "deleted",
        "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"}}"
            .formatted(key.name(), key.tenant()));
  }

  boolean isEnd() {
    return name.equals("deleted");
  }
}
