/** Stores, and the classes that they are of. */
@NullMarked
package dev.millrace.operator.store;

import org.jspecify.annotations.NullMarked;
