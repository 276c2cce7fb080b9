/** What may be called how, and what was probably meant. */
@NullMarked
package dev.millrace.needs.name;

import org.jspecify.annotations.NullMarked;
