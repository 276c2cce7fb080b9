package dev.millrace.api.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * One thing that is true or not of an object, in Kubernetes' form.
 *
 * @param type one of {@link Types}
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one CamelCase word, stable: it has its page in docs/conditions
 * @param message for people: what, where, remedy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    String type,
    String status,
    String reason,
    String message,
    long observedGeneration,
    Instant lastTransitionTime) {

  @JsonIgnore
  public boolean isTrue() {
    return "True".equals(status);
  }

  /** The condition types of DESIGN section 3. */
  public static final class Types {
    public static final String READY = "Ready";
    public static final String APPROVED = "Approved";
    public static final String PROVISIONED = "Provisioned";
    public static final String CREDENTIALS_READY = "CredentialsReady";
    public static final String SCHEMA_COMPATIBLE = "SchemaCompatible";
    public static final String PRELOADED = "Preloaded";
    public static final String CAUGHT_UP = "CaughtUp";
    public static final String COMPLETE = "Complete";
    public static final String DEGRADED = "Degraded";

    private Types() {}
  }
}
