/** Who does the work: the stores' own tools, plain programs, Flink, and Millrace. */
@NullMarked
package dev.millrace.bench.contestant;

import org.jspecify.annotations.NullMarked;
