/** DataSubscriptions. */
@NullMarked
package dev.millrace.operator.subscription;

import org.jspecify.annotations.NullMarked;
