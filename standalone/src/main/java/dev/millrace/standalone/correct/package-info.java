/** Dead letters in the terminal: looked at, applied after all, or left out. */
@NullMarked
package dev.millrace.standalone.correct;

import org.jspecify.annotations.NullMarked;
