/** What a person needs to know of the platform to begin. */
@NullMarked
package dev.millrace.catalog.info;

import org.jspecify.annotations.NullMarked;
