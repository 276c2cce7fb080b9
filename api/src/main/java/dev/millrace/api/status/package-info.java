/** What the platform reports: conditions, positions, counts. */
@NullMarked
package dev.millrace.api.status;

import org.jspecify.annotations.NullMarked;
