/** What is wrong, where, and what to do: findings and RFC 9457 problems. */
@NullMarked
package dev.millrace.api.problem;

import org.jspecify.annotations.NullMarked;
