/** Asking owners of products for access, and what they say. */
@NullMarked
package dev.millrace.operator.access;

import org.jspecify.annotations.NullMarked;
