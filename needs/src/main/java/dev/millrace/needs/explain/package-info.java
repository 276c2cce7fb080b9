/** What a plan makes a worker do with each event. */
@NullMarked
package dev.millrace.needs.explain;

import org.jspecify.annotations.NullMarked;
