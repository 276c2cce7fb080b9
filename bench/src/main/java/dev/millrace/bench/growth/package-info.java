/** How cost grows with the work, and whether it does so anywhere by more than the work. */
@NullMarked
package dev.millrace.bench.growth;

import org.jspecify.annotations.NullMarked;
