package dev.millrace.stores.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a server answers. */
sealed interface Reply {

  /** A status or a value. */
  record Text(byte[] bytes) implements Reply {
    @Override
    public String toString() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  record Number(long value) implements Reply {}

  record Items(List<Reply> all) implements Reply {}

  /** No value. */
  record Nil() implements Reply {}

  /**
   * The command was refused.
   *
   * @param text begins with a code in capitals
   */
  record Failure(String text) implements Reply {}

  /** The items of a list; none when it is no list. */
  default List<Reply> items() {
    return this instanceof Items items ? items.all() : List.of();
  }

  /** The text of a value; empty when there is none. */
  default String text() {
    return this instanceof Text text ? text.toString() : "";
  }

  default long number() {
    return this instanceof Number number ? number.value() : 0;
  }

  /** Names and values in turn, as HGETALL gives them. */
  default Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    List<Reply> all = items();
    for (int i = 0; i + 1 < all.size(); i += 2) {
      fields.put(all.get(i).text(), all.get(i + 1).text());
    }
    return fields;
  }
}
