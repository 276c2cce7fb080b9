/** What could not be cleaned when its subscription went, and is still to be. */
@NullMarked
package dev.millrace.operator.debt;

import org.jspecify.annotations.NullMarked;
