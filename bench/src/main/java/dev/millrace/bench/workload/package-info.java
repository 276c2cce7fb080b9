/** Nexmark's bids, what is asked of them, and whether a store holds it. */
@NullMarked
package dev.millrace.bench.workload;

import org.jspecify.annotations.NullMarked;
