/** CEL over an event: compiled against the schema, evaluated on the parsed event. */
@NullMarked
package dev.millrace.needs.filter;

import org.jspecify.annotations.NullMarked;
