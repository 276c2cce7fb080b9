/** The shape of a product's events, from its JSON Schema or from samples. */
@NullMarked
package dev.millrace.needs.schema;

import org.jspecify.annotations.NullMarked;
