/** What was decided, kept for ever: an append-only table, and views made from it. */
@NullMarked
package dev.millrace.catalog.journal;

import org.jspecify.annotations.NullMarked;
