/**
 * From a record's bytes to an event whose fields can be asked for, with as little work as that
 * takes.
 */
@NullMarked
package dev.millrace.needs.event;

import org.jspecify.annotations.NullMarked;
