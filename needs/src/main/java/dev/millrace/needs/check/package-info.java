/** What is wrong with a product or a need: all findings at once. */
@NullMarked
package dev.millrace.needs.check;

import org.jspecify.annotations.NullMarked;
