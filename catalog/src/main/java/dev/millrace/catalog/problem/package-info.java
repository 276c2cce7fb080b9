/** How a request is refused: RFC 9457 problems with a stable code, the place and the remedy. */
@NullMarked
package dev.millrace.catalog.problem;

import org.jspecify.annotations.NullMarked;
