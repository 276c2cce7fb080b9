package dev.millrace.api.product;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.millrace.api.status.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataProductStatus(
    @JsonPropertyDescription("The Kafka topic.") @Nullable String topic,
    @JsonPropertyDescription(
            "The broker's id of it, which tells a topic that was made anew from the old" + " one.")
        @Nullable String topicId,
    @JsonPropertyDescription("Of the topic.") @Nullable Integer partitions,
    @JsonPropertyDescription(
            "How many offsets the topic spans now; absent when the broker was not asked.")
        @Nullable Long events,
    @JsonPropertyDescription("1.0, 1.1, …: grows with each change of the schema.")
        @Nullable String schemaVersion,
    @JsonPropertyDescription("What is true of it.") @Nullable List<Condition> conditions) {}
