/** Whether what was seen over a long time stays as it is. */
@NullMarked
package dev.millrace.bench.soak;

import org.jspecify.annotations.NullMarked;
