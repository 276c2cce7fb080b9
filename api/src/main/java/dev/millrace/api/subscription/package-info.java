/** DataSubscription: one stated need. */
@NullMarked
package dev.millrace.api.subscription;

import org.jspecify.annotations.NullMarked;
