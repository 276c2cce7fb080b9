package dev.millrace.api.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;

/** One thing that is true or not of an object, in Kubernetes' form. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("What it is about, such as Ready.") String type,
    @JsonPropertyDescription("True, False or Unknown.") String status,
    @JsonPropertyDescription("One CamelCase word, stable.") String reason,
    @JsonPropertyDescription("For people: what, where, remedy.") String message,
    @JsonPropertyDescription("The generation of spec that it is about.") long observedGeneration,
    @JsonPropertyDescription("When status changed last.") Instant lastTransitionTime) {

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
