package dev.millrace.api.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One provisioned store. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreSpec(
    @JsonPropertyDescription("The StoreClass it is of.") @JsonProperty("class")
        @Nullable String storeClass,
    @JsonPropertyDescription(
            "Only for stores of a class whose provider is External: the server that is"
                + " there already.")
        @Nullable External connection,
    @JsonPropertyDescription(
            "Retain (the default) or Delete: what becomes of the server's part when the"
                + " last subscription has gone.")
        @Nullable String reclaimPolicy) {

  /** A server that is there already. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record External(
      @JsonPropertyDescription("Postgres or Redis.") @Nullable String engine,
      @JsonPropertyDescription("Name or address.") @Nullable String host,
      @JsonPropertyDescription("Omitted: 5432 or 6379.") @Nullable Integer port,
      @JsonPropertyDescription("Postgres: the database's name. Redis: its number; omitted: 0.")
          @Nullable String database,
      @JsonPropertyDescription("disable (the default), require or verify-full.")
          @Nullable String tls,
      @JsonPropertyDescription("What workers log in as.") @Nullable Account writer,
      @JsonPropertyDescription(
              "The account that readers get. Omitted: one is made for each subscription.")
          @Nullable Account reader) {}

  /** A login. The password is accepted on input and never given out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Account(
      @JsonPropertyDescription("Its name.") @Nullable String username,
      @JsonPropertyDescription("Write-only.") @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
          @Nullable String password,
      @JsonPropertyDescription(
              "On Kubernetes, in place of the two: a Secret of the same namespace with username and"
                  + " password.")
          @Nullable String secret) {

    @Override
    public String toString() {
      return "Account[username=" + username + ", secret=" + secret + "]";
    }
  }
}
