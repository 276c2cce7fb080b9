/** DataProducts and their topics. */
@NullMarked
package dev.millrace.operator.product;

import org.jspecify.annotations.NullMarked;
