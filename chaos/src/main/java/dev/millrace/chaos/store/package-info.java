/** The stores' servers, seen with their administrators' eyes, and a proxy before them. */
@NullMarked
package dev.millrace.chaos.store;

import org.jspecify.annotations.NullMarked;
