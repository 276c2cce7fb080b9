/** The central event store's doors: publish events, see the latest, try a filter on them. */
@NullMarked
package dev.millrace.catalog.event;

import org.jspecify.annotations.NullMarked;
