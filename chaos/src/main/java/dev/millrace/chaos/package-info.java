/** Where {@code ./millrace chaos} enters. */
@NullMarked
package dev.millrace.chaos;

import org.jspecify.annotations.NullMarked;
