/** Whether the catalog can serve, and its figures. */
@NullMarked
package dev.millrace.catalog.health;

import org.jspecify.annotations.NullMarked;
