package dev.millrace.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with an input.
 *
 * @param pointer RFC 6901 pointer into what was sent, such as {@code /spec/select/2/type}
 * @param code stable CamelCase word: it has its page in docs/conditions
 * @param message what is wrong, in a sentence a user understands
 * @param remedy what to do, with did-you-mean where there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(String pointer, String code, String message, @Nullable String remedy) {}
