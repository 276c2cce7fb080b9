/** Data products: event streams that others may ask for, and their topics. */
@NullMarked
package dev.millrace.catalog.product;

import org.jspecify.annotations.NullMarked;
