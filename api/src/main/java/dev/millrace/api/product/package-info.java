/** DataProduct: a catalogued, owned, documented event stream. */
@NullMarked
package dev.millrace.api.product;

import org.jspecify.annotations.NullMarked;
