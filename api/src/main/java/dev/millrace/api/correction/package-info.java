/** What people decide of events that could not be applied, on {@code millrace.corrections}. */
@NullMarked
package dev.millrace.api.correction;

import org.jspecify.annotations.NullMarked;
