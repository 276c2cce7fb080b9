/** What rounds came to. */
@NullMarked
package dev.millrace.chaos.report;

import org.jspecify.annotations.NullMarked;
