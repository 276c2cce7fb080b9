/** Performance beside the stores' own limits and beside others, every run verified. */
@NullMarked
package dev.millrace.bench;

import org.jspecify.annotations.NullMarked;
