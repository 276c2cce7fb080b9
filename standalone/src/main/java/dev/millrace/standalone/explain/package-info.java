/** {@code ./millrace explain}: what limits a pipeline, in the terminal. */
@NullMarked
package dev.millrace.standalone.explain;

import org.jspecify.annotations.NullMarked;
