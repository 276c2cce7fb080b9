/** Reading the platform's own topics as they grow. */
@NullMarked
package dev.millrace.catalog.tail;

import org.jspecify.annotations.NullMarked;
