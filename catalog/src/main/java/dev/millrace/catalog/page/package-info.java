/** Lists in pages, with cursors. */
@NullMarked
package dev.millrace.catalog.page;

import org.jspecify.annotations.NullMarked;
