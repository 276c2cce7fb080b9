package dev.millrace.api.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a reader needs to connect, in the field names of servicebinding.io. With a password only in
 * the one answer that reveals it.
 *
 * @param type {@code postgresql} or {@code redis}
 * @param relation Postgres: the qualified table; Redis: the key pattern, such as {@code quake:*}
 * @param revealed whether the password has been shown already
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Binding(
    String type,
    String host,
    int port,
    @Nullable String database,
    String username,
    @Nullable String password,
    @Nullable String uri,
    @JsonProperty("jdbc-url") @Nullable String jdbcUrl,
    String relation,
    boolean revealed) {

  @Override
  public String toString() {
    return "Binding[" + type + " " + username + "@" + host + ":" + port + " " + relation + "]";
  }
}
