/** {@code ./millrace rows}: a store's rows in the terminal, for those without psql or redis-cli. */
@NullMarked
package dev.millrace.standalone.rows;

import org.jspecify.annotations.NullMarked;
