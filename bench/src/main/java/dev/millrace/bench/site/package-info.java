/** The processes of a measurement, and what they use. */
@NullMarked
package dev.millrace.bench.site;

import org.jspecify.annotations.NullMarked;
