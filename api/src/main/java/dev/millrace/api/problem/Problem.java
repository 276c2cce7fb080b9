package dev.millrace.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 9457, sent as {@code application/problem+json}.
 *
 * @param type {@code https://millrace.dev/problems/<code>}
 * @param code the same word without the address; see docs/troubleshooting.md
 * @param remedy what to do
 * @param errors all findings, when the input was wrong in one or more places
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    String code,
    @Nullable String detail,
    @Nullable String instance,
    @Nullable String remedy,
    @Nullable List<Finding> errors) {}
