package dev.millrace.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Tenant and name, written {@code tenant/name}: how one object of a kind names another. */
public record ObjectKey(String tenant, String name) implements Comparable<ObjectKey> {

  /**
   * @throws IllegalArgumentException unless the text is {@code tenant/name}
   */
  @JsonCreator
  public static ObjectKey parse(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
      throw new IllegalArgumentException("'" + text + "' is not of the form tenant/name");
    }
    return new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + name;
  }

  @Override
  public int compareTo(ObjectKey other) {
    return toString().compareTo(other.toString());
  }
}
