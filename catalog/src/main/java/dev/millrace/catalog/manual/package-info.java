/** The pages of {@code docs/}, served: what the type of a problem leads to. */
@NullMarked
package dev.millrace.catalog.manual;

import org.jspecify.annotations.NullMarked;
