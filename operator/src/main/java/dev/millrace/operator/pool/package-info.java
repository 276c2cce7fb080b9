/** How many workers there are. */
@NullMarked
package dev.millrace.operator.pool;

import org.jspecify.annotations.NullMarked;
