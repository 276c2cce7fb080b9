/** Asking the owner of a product for access, and what the owner says. */
@NullMarked
package dev.millrace.api.access;

import org.jspecify.annotations.NullMarked;
