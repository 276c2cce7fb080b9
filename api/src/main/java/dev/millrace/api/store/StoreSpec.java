package dev.millrace.api.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * One provisioned store.
 *
 * @param connection only for stores of the class {@code external}
 * @param reclaimPolicy what becomes of the server's part when its last subscription has gone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreSpec(
    @JsonProperty("class") @Nullable String storeClass,
    @Nullable External connection,
    @Nullable String reclaimPolicy) {

  /**
   * A server that is there already.
   *
   * @param database Postgres: the database name. Redis: the database number, default 0.
   * @param tls disable, require or verify-full
   * @param writer what workers log in as; given once, kept encrypted, never shown
   * @param reader the account that readers get; omitted: Millrace creates one for each subscription
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record External(
      @Nullable String engine,
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String database,
      @Nullable String tls,
      @Nullable Account writer,
      @Nullable Account reader) {}

  /** A login. The password is accepted on input and never given out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Account(
      @Nullable String username,
      @JsonPropertyDescription("Write-only.") @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
          @Nullable String password) {

    @Override
    public String toString() {
      return "Account[username=" + username + "]";
    }
  }
}
