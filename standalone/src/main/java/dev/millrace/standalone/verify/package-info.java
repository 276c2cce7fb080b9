/** {@code ./millrace verify}: whether a store holds what its stream says, in the terminal. */
@NullMarked
package dev.millrace.standalone.verify;

import org.jspecify.annotations.NullMarked;
