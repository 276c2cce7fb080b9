/**
 * What a subscription would read of a product, what its owner granted of that, and how the two
 * compare. Pure.
 */
@NullMarked
package dev.millrace.needs.access;

import org.jspecify.annotations.NullMarked;
