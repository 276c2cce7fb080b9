/** One fault under load, and whether everything is right afterwards. */
@NullMarked
package dev.millrace.chaos.round;

import org.jspecify.annotations.NullMarked;
