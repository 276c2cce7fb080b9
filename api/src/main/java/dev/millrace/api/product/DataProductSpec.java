package dev.millrace.api.product;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event stream that others may ask for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataProductSpec(
    @JsonPropertyDescription("What the events say, for people who look for data.")
        @Nullable String description,
    @JsonPropertyDescription("Who answers questions about this product: a team or an address.")
        @Nullable String owner,
    @JsonPropertyDescription("The Kafka topic; created if absent. Belongs to one product.")
        @Nullable Topic topic,
    @JsonPropertyDescription("JSON Schema (2020-12) of one event: an object with properties.")
        @Nullable JsonNode schema,
    @JsonPropertyDescription(
            "The field whose text is the Kafka record key. Required in the schema; string or integer.")
        @Nullable String key,
    @JsonPropertyDescription("True when each key is published once: no corrections, no deletions.")
        @Nullable Boolean insertOnly,
    @JsonPropertyDescription("Field path to classification: Public, Internal, Personal or Secret.")
        @Nullable Map<String, String> classifications,
    @JsonPropertyDescription("Open (anyone may subscribe) or Approval (the owner decides).")
        @Nullable String accessPolicy,
    @JsonPropertyDescription(
            "How the schema may change: Additive (fields are added, integer becomes number) or None"
                + " (in any way; each subscription then does as its onSchemaChange says).")
        @Nullable String compatibility,
    @JsonPropertyDescription("Words to find it by.") @Nullable List<String> tags) {

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Topic(
      @JsonPropertyDescription("Omitted: tenant.product.") @Nullable String name,
      @JsonPropertyDescription(
              "When the topic is made; an existing topic keeps its own. Omitted: 4.")
          @Nullable Integer partitions,
      @JsonPropertyDescription("Such as 7d, or forever (the default).")
          @Nullable String retention) {}
}
