/** Figures over something, as lines. */
@NullMarked
package dev.millrace.bench.chart;

import org.jspecify.annotations.NullMarked;
