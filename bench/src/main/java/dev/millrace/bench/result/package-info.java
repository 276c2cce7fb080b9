/** What runs came to, and how people see it. */
@NullMarked
package dev.millrace.bench.result;

import org.jspecify.annotations.NullMarked;
