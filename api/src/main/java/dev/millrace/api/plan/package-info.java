/** The resolved form of a need, as workers receive it on {@code millrace.definitions}. */
@NullMarked
package dev.millrace.api.plan;

import org.jspecify.annotations.NullMarked;
