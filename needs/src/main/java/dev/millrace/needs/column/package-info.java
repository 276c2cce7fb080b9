/** The types a column can have, common to all engines, and the values that fit them. */
@NullMarked
package dev.millrace.needs.column;

import org.jspecify.annotations.NullMarked;
