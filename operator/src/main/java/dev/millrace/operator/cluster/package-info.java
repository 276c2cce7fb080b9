/** What there is of our kinds, as the watches tell. */
@NullMarked
package dev.millrace.operator.cluster;

import org.jspecify.annotations.NullMarked;
