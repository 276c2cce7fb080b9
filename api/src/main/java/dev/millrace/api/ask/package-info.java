/**
 * What a person asks of a running pipeline, over {@code millrace.requests} and {@code
 * millrace.answers}.
 */
@NullMarked
package dev.millrace.api.ask;

import org.jspecify.annotations.NullMarked;
