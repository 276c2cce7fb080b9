/** Stores and the classes they are made from. */
@NullMarked
package dev.millrace.catalog.store;

import org.jspecify.annotations.NullMarked;
