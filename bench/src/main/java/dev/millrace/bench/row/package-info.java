/** What is measured, and what is wanted of it. */
@NullMarked
package dev.millrace.bench.row;

import org.jspecify.annotations.NullMarked;
