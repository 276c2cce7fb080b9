/** Subscriptions as they change, as server-sent events. */
@NullMarked
package dev.millrace.catalog.live;

import org.jspecify.annotations.NullMarked;
