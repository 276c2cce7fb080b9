/** What answers where no resource does: the UI on its own paths, and problems elsewhere. */
@NullMarked
package dev.millrace.catalog.web;

import org.jspecify.annotations.NullMarked;
