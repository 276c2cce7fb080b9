/** The custom resources, as they come. */
@NullMarked
package dev.millrace.operator.kind;

import org.jspecify.annotations.NullMarked;
