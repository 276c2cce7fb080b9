/** What Millrace is compared with and is no program of others: each a process of its own. */
@NullMarked
package dev.millrace.bench.peer;

import org.jspecify.annotations.NullMarked;
