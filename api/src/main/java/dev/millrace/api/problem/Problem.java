package dev.millrace.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 9457, sent as {@code application/problem+json}.
 *
 * @param type {@code /docs/conditions/<code>}: a path of the server that answered, with the code's
 *     page
 * @param code the same word without the path
 * @param remedy what to do
 * @param errors all findings, when the input was wrong in one or more places
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    @JsonPropertyDescription("Path of the page about the code, on the server that answered.")
        String type,
    String title,
    int status,
    String code,
    @Nullable String detail,
    @Nullable String instance,
    @Nullable String remedy,
    @Nullable List<Finding> errors) {}
