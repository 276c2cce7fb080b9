package dev.millrace.api.product;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.api.status.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param topicId the broker's id, which tells a recreated topic from the old one
 * @param events how many offsets the topic spans now; absent when the broker was not asked
 * @param schemaVersion 1.0, 1.1, …: grows with each change of schema
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataProductStatus(
    @Nullable String topic,
    @Nullable String topicId,
    @Nullable Integer partitions,
    @Nullable Long events,
    @Nullable String schemaVersion,
    @Nullable List<Condition> conditions) {}
