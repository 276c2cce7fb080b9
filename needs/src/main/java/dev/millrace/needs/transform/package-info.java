/** From a record's bytes to what happens in the store: filter, projection, masks. */
@NullMarked
package dev.millrace.needs.transform;

import org.jspecify.annotations.NullMarked;
