/** Flink doing the work of bench, in a process and with a classpath of its own. */
@NullMarked
package dev.millrace.bench.flink;

import org.jspecify.annotations.NullMarked;
